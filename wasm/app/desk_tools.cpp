#include "app/desk_tools.h"

#include <algorithm>
#include <array>

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
