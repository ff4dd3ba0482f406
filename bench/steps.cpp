// Reading, every step and writing of one 1424 x 968 cathodoluminescence micrograph, and a Fourier transform there and
// back of 4096 x 4096 px, one thread. The same program runs natively and under Node; compare_wasm.py sets the two side
// by side.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include "math/fft.h"
#include "math/random.h"
#include "recipe/pipeline.h"
#include "samples/sample_xl.h"

namespace {

mg::Bytes micrograph() {
    mg::Random random(1);
    auto image = std::move(mg::Image<std::uint8_t>::create({1424, 968})).value();
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            double const grain = 60 + 40 * ((x / 37 + y / 29) % 3);
            double const spike = random.uniform() < 0.002 ? 90 : 0;
            double const value = grain + 12 * random.gaussian() + spike;
            image.at(x, y) = static_cast<std::uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
        }
    return mg::write_xl_tiff(image.view(), {.detector = 3});
}

/// Least of several runs, in ms.
double least_ms(std::function<void()> const& work) {
    double least = 1e9;
    for (int i = 0; i < 9; ++i) {
        auto const start = std::chrono::steady_clock::now();
        work();
        std::chrono::duration<double, std::milli> const taken = std::chrono::steady_clock::now() - start;
        if (taken.count() < least) least = taken.count();
    }
    return least;
}

void print(std::string_view name, double ms) {
    std::printf("%.*s %.3f\n", static_cast<int>(name.size()), name.data(), ms);
}

mg::Plane noise(mg::Size size) {
    mg::Random random(1);
    mg::Plane plane = std::move(mg::Plane::create(size)).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) plane.at(x, y) = static_cast<float>(random.uniform());
    return plane;
}

/// Settings with which a step that is off by default does its work.
char const* const k_settings[][2] = {{"crop.left", "100"},    {"halve.mode", "always"},  {"orient.turn", "90"},
                                     {"unsharp.amount", "1"}, {"rotate.angle_deg", "7"}, {"scale.factor", "0.7"},
                                     {"pad.left", "40"}};

} // namespace

int main() {
    mg::Bytes const file = micrograph();
    mg::InputFile const input{.file_name = "10K420.TIF", .relative_path = "10K420.TIF", .bytes = file};
    auto loaded = mg::load_file(input);
    if (!loaded) return std::fputs(loaded.error().message.c_str(), stderr), 1;
    print("read", least_ms([&] { (void)mg::load_file(input); }));

    mg::Recipe recipe = mg::annotate_recipe();
    for (auto const& [name, value] : k_settings)
        if (auto status = mg::set_value(recipe, name, value); !status)
            std::fprintf(stderr, "%s\n", status.error().message.c_str());
    mg::Scene scene = loaded->scene;
    mg::Job job;
    for (mg::StepUse const& use : recipe.steps) {
        mg::Scene after;
        bool failed = false;
        double const ms = least_ms([&] {
            after = scene;
            mg::Job notes;
            failed = !use.step->run(after, use.values, notes).has_value();
        });
        if (failed) return std::fprintf(stderr, "%s failed\n", use.step->id.data()), 1;
        print(use.step->id, ms);
        // The chain goes on with what is on by default, so that each step sees what it usually sees.
        if (use.step->on_by_default) scene = std::move(after);
    }
    print("write", least_ms([&] { (void)mg::encode_scene(scene, recipe, *loaded, job); }));

    mg::Plane const plane = noise({4096, 4096});
    mg::Fft2 const fft = std::move(mg::Fft2::create(plane.size())).value();
    print("fft_pair", least_ms([&] { (void)fft.inverse(std::move(fft.forward(plane.view())).value()); }));
}
