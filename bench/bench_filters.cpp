// Blurs, medians, despiking, contrast and what else works pixel by pixel, at the sizes of real micrographs.
// compare_filters.py runs it beside OpenCV.
#include <benchmark/benchmark.h>

#include "math/random.h"
#include "ops/contrast.h"
#include "ops/despike.h"
#include "ops/drawings.h"
#include "ops/gaussian.h"
#include "ops/median.h"
#include "ops/statistics.h"
#include "ops/unsharp.h"

namespace {

/// Grey noise with 0.2 % of bright pixels.
mg::Plane picture(mg::Size size) {
    mg::Random random(1);
    mg::Plane plane = std::move(mg::Plane::create(size)).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            double const noise = random.uniform() + random.uniform() + random.uniform();
            plane.at(x, y) = static_cast<float>(0.2 + 0.1 * noise + (random.uniform() < 0.002 ? 0.4 : 0.0));
        }
    return plane;
}

mg::Plane picture(benchmark::State const& state) {
    return picture({static_cast<int>(state.range(0)), static_cast<int>(state.range(1))});
}

template <int tenths>
void gaussian(benchmark::State& state) {
    mg::Plane const source = picture(state);
    for (auto _ : state) benchmark::DoNotOptimize(mg::gaussian_blurred(source.view(), {tenths / 10.0, tenths / 10.0}));
}
void median_3x3(benchmark::State& state) {
    mg::Plane const source = picture(state);
    for (auto _ : state) benchmark::DoNotOptimize(mg::median_3x3(source.view()));
}
void median_3x5(benchmark::State& state) {
    mg::Plane const source = picture(state);
    for (auto _ : state) benchmark::DoNotOptimize(mg::median_3x5(source.view()));
}
void despike(benchmark::State& state) {
    mg::Plane const source = picture(state);
    for (auto _ : state) benchmark::DoNotOptimize(mg::despiked(source.view(), {}, {}));
}
void unsharp(benchmark::State& state) {
    mg::Plane const source = picture(state);
    for (auto _ : state) {
        auto blurred = mg::gaussian_blurred(source.view(), {6, 6});
        benchmark::DoNotOptimize(mg::unsharp_masked(source.view(), blurred->view(), {}));
    }
}
template <mg::ToneCurve curve>
void contrast_min_max(benchmark::State& state) {
    mg::Plane const source = picture(state);
    mg::PlaneView const view = source.view();
    for (auto _ : state) {
        mg::Extremes const range = mg::extremes({&view, 1});
        benchmark::DoNotOptimize(
            mg::with_levels(view, {.low = double{range.minimum}, .high = double{range.maximum}, .curve = curve}));
    }
}
void contrast_percentile(benchmark::State& state) {
    mg::Plane const source = picture(state);
    mg::PlaneView const view = source.view();
    double const percents[] = {0.1, 99.9};
    for (auto _ : state) {
        auto const levels = mg::percentiles({&view, 1}, percents);
        benchmark::DoNotOptimize(mg::with_levels(view, {.low = double{levels[0]}, .high = double{levels[1]}}));
    }
}
void find_drawings(benchmark::State& state) {
    mg::Plane const source = picture(state);
    mg::PlaneView const view = source.view();
    for (auto _ : state) benchmark::DoNotOptimize(mg::found_drawings({&view, 1}));
}

void sizes(benchmark::internal::Benchmark* bench) {
    bench->Args({1424, 968})->Args({4096, 4096})->Unit(benchmark::kMillisecond);
}

} // namespace

BENCHMARK_TEMPLATE(gaussian, 14)->Name("gaussian_1.4")->Apply(sizes);
BENCHMARK_TEMPLATE(gaussian, 60)->Name("gaussian_6")->Apply(sizes);
BENCHMARK(median_3x3)->Apply(sizes);
BENCHMARK(median_3x5)->Apply(sizes);
BENCHMARK(despike)->Apply(sizes);
BENCHMARK(unsharp)->Name("unsharp_6")->Apply(sizes);
BENCHMARK_TEMPLATE(contrast_min_max, mg::ToneCurve::linear)->Name("contrast_min_max")->Apply(sizes);
BENCHMARK_TEMPLATE(contrast_min_max, mg::ToneCurve::asinh)->Name("contrast_asinh")->Apply(sizes);
BENCHMARK(contrast_percentile)->Apply(sizes);
BENCHMARK(find_drawings)->Apply(sizes);

BENCHMARK_MAIN();
