// Resizing, halving and turning at the sizes of real micrographs. compare_resample.py runs it beside OpenCV.
#include <benchmark/benchmark.h>

#include <cmath>

#include "ops/resample.h"
#include "ops/resample_warp.h"

namespace {

mg::Plane picture(mg::Size size) {
    mg::Plane plane = std::move(mg::Plane::create(size)).value();
    unsigned state = 1;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            state = state * 1664525U + 1013904223U;
            plane.at(x, y) = static_cast<float>(state >> 8) / 16777216.0F;
        }
    return plane;
}
mg::Size size_of(benchmark::State const& state) {
    return {static_cast<int>(state.range(0)), static_cast<int>(state.range(1))};
}

template <mg::Kernel kernel>
void stretch_rows(benchmark::State& state) {
    mg::Plane source = picture(size_of(state));
    mg::ResizeSpec spec{.size = {source.width(), static_cast<int>(std::lround(source.height() / 0.91))},
                        .kernel = kernel};
    for (auto _ : state) benchmark::DoNotOptimize(mg::resized(source.view(), spec));
}
template <mg::Kernel kernel>
void shrink(benchmark::State& state) {
    mg::Plane source = picture(size_of(state));
    mg::ResizeSpec spec{.size = {source.width() * 7 / 10, source.height() * 7 / 10}, .kernel = kernel};
    for (auto _ : state) benchmark::DoNotOptimize(mg::resized(source.view(), spec));
}
template <mg::Kernel kernel>
void enlarge(benchmark::State& state) {
    mg::Plane source = picture(size_of(state));
    mg::ResizeSpec spec{.size = {source.width() * 13 / 10, source.height() * 13 / 10}, .kernel = kernel};
    for (auto _ : state) benchmark::DoNotOptimize(mg::resized(source.view(), spec));
}
void halve(benchmark::State& state) {
    mg::Plane source = picture(size_of(state));
    for (auto _ : state) benchmark::DoNotOptimize(mg::halved(source.view()));
}
template <mg::Interpolation interpolation>
void turn(benchmark::State& state) {
    mg::Plane source = picture(size_of(state));
    mg::WarpSpec spec{.size = source.size(),
                      .to_source =
                          mg::turn_to_source({.source = source.size(), .size = source.size(), .angle_deg = 10}),
                      .interpolation = interpolation};
    for (auto _ : state) benchmark::DoNotOptimize(mg::warped(source.view(), spec));
}

void sizes(benchmark::internal::Benchmark* bench) {
    bench->Args({1424, 968})->Args({4096, 4096})->Unit(benchmark::kMillisecond);
}

} // namespace

BENCHMARK_TEMPLATE(stretch_rows, mg::Kernel::linear)->Name("stretch_rows_linear")->Apply(sizes);
BENCHMARK_TEMPLATE(stretch_rows, mg::Kernel::cubic)->Name("stretch_rows_cubic")->Apply(sizes);
BENCHMARK_TEMPLATE(stretch_rows, mg::Kernel::lanczos3)->Name("stretch_rows_lanczos3")->Apply(sizes);
BENCHMARK_TEMPLATE(enlarge, mg::Kernel::linear)->Name("enlarge_linear")->Apply(sizes);
BENCHMARK_TEMPLATE(enlarge, mg::Kernel::cubic)->Name("enlarge_cubic")->Apply(sizes);
BENCHMARK_TEMPLATE(shrink, mg::Kernel::area)->Name("shrink_area")->Apply(sizes);
BENCHMARK(halve)->Apply(sizes);
BENCHMARK_TEMPLATE(turn, mg::Interpolation::linear)->Name("turn_linear")->Apply(sizes);
BENCHMARK_TEMPLATE(turn, mg::Interpolation::cubic_spline)->Name("turn_cubic")->Apply(sizes);

BENCHMARK_MAIN();
