// The composite of a stack: five channels and an extra image, as placed from 712 x 484 and from 1424 x 968 pixels.
#include <benchmark/benchmark.h>

#include "math/random.h"
#include "ops/compose.h"

namespace {

struct Stack {
    std::vector<mg::Channel> channels;
    std::vector<mg::ChannelMeasure> measures;
    mg::ComposeLook look;
};

Stack stack(benchmark::State const& state) {
    Stack result;
    mg::Size const size{static_cast<int>(state.range(0)), static_cast<int>(state.range(1))};
    mg::Random random(1);
    for (int k = 0; k < 6; ++k) {
        mg::Plane plane = std::move(mg::Plane::create(size)).value();
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                plane.at(x, y) =
                    static_cast<float>(0.2 + 0.01 * ((x / 5 * (k + 2) + y / 3) % 50) + 0.1 * random.uniform());
        mg::Channel channel;
        channel.planes = {std::make_shared<mg::Plane const>(std::move(plane))};
        channel.role = k < 5 ? mg::Role::signal : mg::Role::extra;
        channel.settings.value = 405 + 10 * k;
        channel.settings.slot = k;
        result.measures.push_back(mg::measured(channel));
        result.channels.push_back(std::move(channel));
    }
    result.look = mg::look_for(result.channels, result.measures, 5, {});
    return result;
}

void measure_all(benchmark::State& state) {
    Stack const s = stack(state);
    for (auto _ : state)
        for (mg::Channel const& channel : s.channels) benchmark::DoNotOptimize(mg::measured(channel));
}
void look(benchmark::State& state) {
    Stack const s = stack(state);
    for (auto _ : state) benchmark::DoNotOptimize(mg::look_for(s.channels, s.measures, 5, {}));
}
void composite(benchmark::State& state) {
    Stack const s = stack(state);
    mg::Work work;
    for (auto _ : state) benchmark::DoNotOptimize(mg::composed(s.channels, s.look, 1, work));
}
void saturated_composite(benchmark::State& state) {
    Stack const s = stack(state);
    mg::Work work;
    for (auto _ : state) benchmark::DoNotOptimize(mg::composed(s.channels, s.look, 1.6, work));
}
void tinted_channels(benchmark::State& state) {
    Stack const s = stack(state);
    for (auto _ : state)
        for (std::size_t i = 0; i < s.channels.size(); ++i)
            benchmark::DoNotOptimize(mg::tinted(s.channels[i], s.look.channels[i], s.look));
}

void sizes(benchmark::internal::Benchmark* one) {
    one->Args({712, 532})->Args({1424, 1064})->Unit(benchmark::kMillisecond);
}
BENCHMARK(measure_all)->Apply(sizes);
BENCHMARK(look)->Apply(sizes);
BENCHMARK(composite)->Apply(sizes);
BENCHMARK(saturated_composite)->Apply(sizes);
BENCHMARK(tinted_channels)->Apply(sizes);

} // namespace

BENCHMARK_MAIN();
