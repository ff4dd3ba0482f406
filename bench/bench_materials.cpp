// The parts of the materials workflow on the generated sample: reading eight maps with their counts, k-means,
// materials, where the maps lie over the SE image, materials on its grid, and its colours. Sizes are those of the maps;
// the SE image has 1424 x 968 pixels.
#include <benchmark/benchmark.h>

#include <cmath>
#include <map>

#include "codecs/codec.h"
#include "ops/clusters.h"
#include "ops/element_map.h"
#include "ops/map_registration.h"
#include "ops/spread.h"
#include "ops/tint.h"
#include "samples/sample_edx.h"

namespace {

mg::SampleEdx const& sample(benchmark::State const& state) {
    static std::map<std::int64_t, mg::SampleEdx> sets;
    mg::Size const maps{static_cast<int>(state.range(0)), static_cast<int>(state.range(1))};
    auto found = sets.find(maps.area());
    if (found == sets.end()) found = sets.emplace(maps.area(), mg::sample_edx_set(1, {.maps = maps, .dose = 1})).first;
    return found->second;
}

mg::PlanePtr grey_plane(mg::SampleFile const& file) {
    return std::move(mg::decode_image(file.bytes, file.relative_path)).value().planes.front();
}

mg::Plane counts_in(mg::SampleFile const& file) {
    mg::Decoded const image = std::move(mg::decode_image(file.bytes, file.relative_path)).value();
    mg::UntintedMap const map = std::move(mg::untinted(image.planes)).value();
    return std::move(mg::counts_of(map.plane.view(), mg::count_scale(map.plane.view(), image.range, false))).value();
}

std::vector<mg::Plane> all_counts(mg::SampleEdx const& set) {
    std::vector<mg::Plane> counts;
    for (std::size_t i = 2; i < set.files.size(); ++i) counts.push_back(counts_in(set.files[i]));
    return counts;
}
std::vector<mg::ImageView<float const>> views_of(std::vector<mg::Plane> const& planes) {
    std::vector<mg::ImageView<float const>> views;
    for (mg::Plane const& plane : planes) views.push_back(plane.view());
    return views;
}

/// One plane per material: 1 where the truth has it.
std::vector<mg::Plane> true_memberships(mg::SampleEdx const& set) {
    std::vector<mg::Plane> planes;
    auto const& labels = set.truth.map_labels;
    for (std::size_t m = 0; m < set.truth.materials.size(); ++m) {
        planes.push_back(std::move(mg::Plane::create(labels.size())).value());
        for (std::int64_t i = 0; i < labels.size().area(); ++i)
            planes.back().data()[i] = labels.data()[i] == m ? 1.0f : 0.0f;
    }
    return planes;
}

mg::SpreadMap spread_of(mg::SampleEdx const& set, mg::Plane const& se_image) {
    std::vector<mg::Plane> const memberships = true_memberships(set);
    mg::Work work;
    mg::Projective const se_to_map(set.truth.maps_to_se.inverse());
    return std::move(mg::spread_memberships(views_of(memberships), se_image.view(), se_to_map, {}, work)).value();
}

void read_maps(benchmark::State& state) {
    mg::SampleEdx const& set = sample(state);
    for (auto _ : state) benchmark::DoNotOptimize(all_counts(set));
}

void k_means(benchmark::State& state) {
    std::vector<std::vector<float>> points;
    for (mg::Plane const& plane : all_counts(sample(state))) {
        points.emplace_back(plane.data(), plane.data() + plane.size().area());
        for (float& value : points.back()) value = std::sqrt(value);
    }
    for (auto _ : state) benchmark::DoNotOptimize(mg::k_means(points, {.count = 5}));
}

void materials(benchmark::State& state, int count) {
    std::vector<mg::Plane> const counts = all_counts(sample(state));
    mg::Work work;
    for (auto _ : state) benchmark::DoNotOptimize(mg::clustered(views_of(counts), {}, {}, {.count = count}, work));
}
void materials_found(benchmark::State& state) {
    materials(state, 0);
}
void materials_of_five(benchmark::State& state) {
    materials(state, 5);
}

void lay_over(benchmark::State& state, bool with_lab) {
    mg::SampleEdx const& set = sample(state);
    mg::PlanePtr const se_image = grey_plane(set.files[0]), lab = grey_plane(set.files[1]);
    std::vector<mg::Plane> const counts = all_counts(set);
    mg::Work work;
    mg::MapRegistrationInput input{.se = se_image->view(), .se_pixel_aspect = 1.1, .maps = views_of(counts)};
    if (with_lab) input.lab = lab->view();
    for (auto _ : state) benchmark::DoNotOptimize(mg::register_maps(input, {}, work));
}
void lay_over_by_lab(benchmark::State& state) {
    lay_over(state, true);
}
void lay_over_by_maps(benchmark::State& state) {
    lay_over(state, false);
}

void spread(benchmark::State& state) {
    mg::SampleEdx const& set = sample(state);
    mg::PlanePtr const se_image = grey_plane(set.files[0]);
    for (auto _ : state) benchmark::DoNotOptimize(spread_of(set, *se_image));
}

void tint(benchmark::State& state) {
    mg::SampleEdx const& set = sample(state);
    mg::PlanePtr const se_image = grey_plane(set.files[0]);
    mg::SpreadMap const spread_map = spread_of(set, *se_image);
    std::vector<mg::Rgb> const colours{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}, {0, 1, 1}};
    mg::Work work;
    mg::TintSource const source{.image = se_image->view(), .materials = &spread_map, .colours = colours};
    for (auto _ : state) benchmark::DoNotOptimize(mg::tinted(source, {}, work));
}

void sizes(benchmark::internal::Benchmark* one) {
    one->Args({256, 200})->Args({1024, 800})->Unit(benchmark::kMillisecond);
}
BENCHMARK(read_maps)->Apply(sizes);
BENCHMARK(k_means)->Apply(sizes);
BENCHMARK(materials_found)->Apply(sizes);
BENCHMARK(materials_of_five)->Apply(sizes);
BENCHMARK(lay_over_by_lab)->Apply(sizes);
BENCHMARK(lay_over_by_maps)->Apply(sizes);
BENCHMARK(spread)->Apply(sizes);
BENCHMARK(tint)->Apply(sizes);

} // namespace

BENCHMARK_MAIN();
