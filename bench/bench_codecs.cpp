// Decoding and PNG encoding of the images named on the command line, and SHA-256. compare_png.py runs it beside OpenCV.
//
//   bench_codecs [--benchmark_...] IMAGE...
#include <benchmark/benchmark.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <list>

#include "base/hash.h"
#include "codecs/codec.h"

namespace {

struct Picture {
    std::string name;
    mg::Bytes file;
    mg::Decoded decoded;
};

void decode(benchmark::State& state, Picture const& picture) {
    for (auto _ : state) benchmark::DoNotOptimize(mg::decode_image(picture.file, picture.name));
}

void encode(benchmark::State& state, Picture const& picture) {
    std::vector<mg::ImageView<float const>> planes;
    for (mg::PlanePtr const& plane : picture.decoded.planes) planes.push_back(plane->view());
    mg::PngOptions options;
    options.bits = picture.decoded.bits > 8 ? 16 : 8;
    std::size_t bytes = 0;
    for (auto _ : state) {
        auto png = mg::encode_png(planes, options);
        bytes = png ? png->size() : 0;
    }
    state.counters["bytes"] = static_cast<double>(bytes);
}

void hash(benchmark::State& state) {
    mg::Bytes const file(std::size_t{1424} * 968, 1);
    for (auto _ : state) benchmark::DoNotOptimize(mg::sha256_hex(file));
}

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    std::list<Picture> pictures;
    for (int i = 1; i < argc; ++i) {
        std::ifstream stream(argv[i], std::ios::binary);
        mg::Bytes file((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
        auto decoded = mg::decode_image(file, argv[i]);
        if (!decoded) {
            std::fprintf(stderr, "%s\n", decoded.error().message.c_str());
            return 1;
        }
        std::string const path = argv[i];
        pictures.push_back({path.substr(path.find_last_of('/') + 1), std::move(file), std::move(decoded).value()});
    }
    for (Picture const& picture : pictures) {
        auto add = [&](std::string const& what, void (*run)(benchmark::State&, Picture const&)) {
            auto bound = [&picture, run](benchmark::State& state) { run(state, picture); };
            benchmark::RegisterBenchmark((what + picture.name).c_str(), bound)->Unit(benchmark::kMillisecond);
        };
        add("decode/", decode);
        add("encode/", encode);
    }
    benchmark::RegisterBenchmark("sha256/1424x968", hash)->Unit(benchmark::kMillisecond);
    benchmark::RunSpecifiedBenchmarks();
}
