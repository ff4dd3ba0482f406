// Forward and inverse transforms of real images. compare_fft.py runs them beside scipy.fft.
#include <benchmark/benchmark.h>

#include "math/fft.h"
#include "math/random.h"

namespace {

void fft_pair(benchmark::State& state) {
    mg::Size const size{static_cast<int>(state.range(0)), static_cast<int>(state.range(1))};
    mg::Random random(1);
    mg::Plane image = std::move(mg::Plane::create(size)).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) image.at(x, y) = static_cast<float>(random.uniform());
    mg::Fft2 const fft = std::move(mg::Fft2::create(size)).value();
    for (auto _ : state) {
        auto spectrum = fft.forward(image.view());
        benchmark::DoNotOptimize(fft.inverse(std::move(*spectrum)));
    }
}

} // namespace

BENCHMARK(fft_pair)
    ->Args({768, 512})
    ->Args({1440, 972})
    ->Args({1500, 1000})
    ->Args({4096, 4096})
    ->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
