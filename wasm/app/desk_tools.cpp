#include "app/desk_tools.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "recipe/materials.h"
#include "recipe/overlay.h"

namespace mg::app {

std::uint64_t hash_of(std::string_view text, std::uint64_t hash) {
    for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return hash | 1;
}

std::uint64_t grouping_key(Document const& document, std::uint64_t revision, int selected, Results& results) {
    std::string said = std::to_string(revision) + " " + std::to_string(selected);
    for (InputEntry const& input : document.inputs) {
        FileResult const& result = results.files[input.id];
        said += " " + std::to_string(static_cast<int>(result.state)) + (result.recorded_size.empty() ? "-" : "+");
    }
    return hash_of(said);
}

Recipe only_steps(Recipe const& recipe, std::initializer_list<std::string_view> ids) {
    Recipe result;
    for (StepUse const& use : recipe.steps)
        if (std::find(ids.begin(), ids.end(), use.step->id) != ids.end()) result.steps.push_back(use);
    return result;
}

namespace {

/// Of the sets or series: the files that the user has left out.
template <class Set>
std::set<int> left_out_of(std::vector<Set> const& sets) {
    std::set<int> ids;
    for (Set const& set : sets)
        for (auto const& member : set.members)
            if (member.left_out) ids.insert(member.id);
    return ids;
}

} // namespace

std::string too_large(SetRequest const& request, Results const& results) {
    // What WebAssembly can address: see cmake/page.cmake.
    constexpr std::int64_t k_page_memory_bytes = std::int64_t{4} << 30;
    bool const of_maps = request.kind.starts_with("materials");
    std::set<int> const left_out =
        of_maps ? left_out_of(results.materials.sets) : left_out_of(results.overlay.series);
    std::vector<Size> sizes;
    std::int64_t file_bytes = 0; // which lie in the worker's memory while it reads them
    for (InputEntry const& input : request.inputs) {
        auto const file = results.files.find(input.id);
        if (file != results.files.end() && !left_out.contains(input.id))
            sizes.push_back(file->second.recorded_size);
        if (input.bytes) file_bytes += static_cast<std::int64_t>(input.bytes->size);
    }
    // Address space is lost between what is given back and taken again; the figure for maps has room for that.
    constexpr double k_fragmented = 1.15;
    auto const stack_bytes = static_cast<double>(overlay_memory_bytes(sizes)) * k_fragmented;
    std::int64_t const needed =
        file_bytes + (of_maps ? materials_memory_bytes(sizes) : static_cast<std::int64_t>(stack_bytes));
    if (needed <= k_page_memory_bytes) return {};
    auto const gigabytes = [](std::int64_t bytes) {
        return format_fixed(static_cast<double>(bytes) / static_cast<double>(std::int64_t{1} << 30), 1) + " GB";
    };
    std::string const some = of_maps ? "maps" : "images";
    return "these " + std::to_string(sizes.size()) + " images need about " + gigabytes(needed) +
           " of memory, and a page has " + gigabytes(k_page_memory_bytes) + ": leave " + some + " out, or use " + some +
           " of fewer pixels, or the command line";
}

Size size_of(Json const* json) {
    Json::Array const* pair = json ? json->as_array() : nullptr;
    if (!pair || pair->size() != 2 || !(*pair)[0].as_number() || !(*pair)[1].as_number()) return {};
    auto const side = [](double value) { return static_cast<int>(std::clamp(value, 0.0, 1e6)); };
    return {side(*(*pair)[0].as_number()), side(*(*pair)[1].as_number())};
}

std::optional<double> optional_number(Packet const& packet, std::string_view key) {
    Json const* member = packet.head.find(key);
    double const* number = member ? member->as_number() : nullptr;
    return number ? std::optional<double>(*number) : std::nullopt;
}

SharedBytes buffer_at(Packet const& packet, Json const& index) {
    double const* number = index.as_number();
    if (!number || !(*number >= 0) || *number >= static_cast<double>(packet.buffers.size())) return nullptr;
    return packet.buffers[static_cast<std::size_t>(*number)];
}

PicturePtr picture_from(Packet const& packet, char const* size, char const* bytes, char const* buffer,
                        std::uint64_t serial) {
    Picture picture;
    picture.size = size_of(packet.head.find(size));
    picture.bytes_per_pixel = packet.number(bytes, 1) == 4 ? 4 : 1;
    picture.serial = serial;
    SharedBytes const pixels = packet.buffer(buffer);
    if (!pixels || picture.size.empty()) return nullptr;
    if (static_cast<std::int64_t>(pixels->size()) != picture.size.area() * picture.bytes_per_pixel) return nullptr;
    picture.pixels = *pixels;
    return std::make_shared<Picture const>(std::move(picture));
}

std::vector<std::pair<int, std::string>> failures_from(Packet const& packet) {
    std::vector<std::pair<int, std::string>> failures;
    Json const* list = packet.head.find("failures");
    if (list && list->as_array())
        for (Json const& failure : *list->as_array())
            failures.emplace_back(static_cast<int>(std::clamp(number_of(failure, "id"), 0.0, 2e9)),
                                  text_of(failure, "words"));
    return failures;
}

Json matrix_json(Affine const& m) {
    Json json{Json::Array{}};
    for (auto const& row : {std::array{m.a, m.b, m.tx}, std::array{m.c, m.d, m.ty}}) {
        Json entry{Json::Array{}};
        for (double value : row) entry.push(value);
        json.push(std::move(entry));
    }
    return json;
}

} // namespace mg::app
