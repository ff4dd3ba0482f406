#include "recipe/fake_steps.h"

#include <algorithm>
#include <array>

namespace mg::fake {
namespace {

int s_runs = 0;

template <class F>
Status map_planes(Scene& scene, F f) {
    ++s_runs;
    for (Channel& channel : scene.channels)
        for (PlanePtr& plane : channel.planes) {
            MG_TRY(Plane result, Plane::create(plane->size()));
            std::int64_t const n = plane->size().area();
            for (std::int64_t i = 0; i < n; ++i) result.data()[i] = f(plane->data()[i]);
            plane = std::make_shared<Plane const>(std::move(result));
        }
    return Done{};
}

enum class Mode { plain, fancy_one, other };
constexpr Choice k_modes[] = {{"plain", "Plain"}, {"fancy_one", "Fancy"}, {"other", "Other"}};

struct GainParams {
    double factor = 2;
    int count = 3;
    bool compatible = false;
    Mode mode = Mode::fancy_one;
    std::string caption = "a \"b\"";
    Bytes logo;
};
constexpr auto k_gain_params = std::to_array<Param>({
    param<&GainParams::factor>(
        {.key = "factor", .label = "Factor", .help = "Multiplies.", .minimum = -1e6, .maximum = 1e6}),
    param<&GainParams::count>(
        {.key = "count", .label = "Count", .help = "Counts.", .unit = "px", .minimum = 0, .maximum = 9}),
    param<&GainParams::compatible>({.key = "compatible", .label = "As before", .help = "As before."}),
    param<&GainParams::mode>({.key = "mode", .label = "Mode", .help = "How.", .choices = k_modes}),
    param<&GainParams::caption>(
        {.key = "caption", .label = "Caption", .help = "Text.", .maximum = 1000, .older_key = "title"}),
    param<&GainParams::logo>({.key = "logo", .label = "Logo", .help = "Picture.", .maximum = 1000}),
});
Status run_gain(Scene& scene, GainParams const& params, Job& job) {
    job.note("factor", params.factor, "by " + params.caption);
    return map_planes(scene, [&](float v) { return v * static_cast<float>(params.factor); });
}

struct OffsetParams {
    double amount = 0.5;
    double factor = 1;
};
constexpr auto k_offset_params = std::to_array<Param>({
    param<&OffsetParams::amount>(
        {.key = "amount", .label = "Amount", .help = "Adds.", .minimum = -100, .maximum = 100}),
    param<&OffsetParams::factor>(
        {.key = "factor", .label = "Factor", .help = "Multiplies.", .minimum = 0, .maximum = 5}),
});
Status run_offset(Scene& scene, OffsetParams const& params, Job&) {
    if (params.amount == 13) return Error{ErrorCode::bad_value, "13 brings bad luck; take another"};
    return map_planes(scene, [&](float v) { return v + static_cast<float>(params.amount); });
}

enum class Method { automatic, fixed };
constexpr Choice k_methods[] = {{"automatic", "Automatic"}, {"fixed", "Fixed"}};
constexpr std::string_view k_linkable[] = {"low", "high"};
struct StretchParams {
    Method method = Method::automatic;
    double low = 0;
    double high = 1;
    bool linked = false;
};
constexpr auto k_stretch_params = std::to_array<Param>({
    param<&StretchParams::method>({.key = "method", .label = "Method", .help = "How.", .choices = k_methods}),
    param<&StretchParams::low>({.key = "low", .label = "Low", .help = "Black.", .minimum = -10, .maximum = 10}),
    param<&StretchParams::high>({.key = "high", .label = "High", .help = "White.", .minimum = -10, .maximum = 10}),
    param<&StretchParams::linked>({.key = "linked", .label = "Linked", .help = "Common to the set."}),
});
Status run_stretch(Scene& scene, StretchParams const& params, Job& job) {
    Plane const& plane = *scene.channels.front().planes.front();
    auto const [low, high] = std::minmax_element(plane.data(), plane.data() + plane.size().area());
    double const a = params.method == Method::fixed ? params.low : *low;
    double const b = params.method == Method::fixed ? params.high : *high;
    job.note("low", a);
    job.note("high", b);
    return map_planes(scene, [&](float v) { return static_cast<float>((v - a) / (b - a)); });
}

} // namespace

constinit Step const k_gain = make_step<GainParams, k_gain_params, run_gain>(
    {.id = "gain", .title = "Gain", .group = StepGroup::tone, .summary = "Multiplies.", .version = 2});
constinit Step const k_offset = make_step<OffsetParams, k_offset_params, run_offset>(
    {.id = "offset", .title = "Offset", .group = StepGroup::tone, .summary = "Adds.", .on_by_default = false});
constinit Step const k_stretch = make_step<StretchParams, k_stretch_params, run_stretch>(
    {.id = "stretch", .title = "Stretch", .group = StepGroup::tone, .summary = "Stretches.", .linkable = k_linkable});

int run_count() {
    return s_runs;
}

Recipe recipe() {
    return {{make_use(k_gain), make_use(k_offset, false), make_use(k_stretch)}, {}};
}

} // namespace mg::fake
