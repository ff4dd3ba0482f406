#include "app/packet.h"

#include <algorithm>
#include <cstring>

namespace mg::app {

namespace {

void append_u32(Bytes& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint32_t u32_at(ByteView run, std::size_t at) {
    return run[at] | std::uint32_t{run[at + 1]} << 8 | std::uint32_t{run[at + 2]} << 16 | std::uint32_t{run[at + 3]} << 24;
}

} // namespace

std::string text_of(Json const& object, std::string_view key) {
    Json const* member = object.find(key);
    std::string const* text = member ? member->as_string() : nullptr;
    return text ? *text : std::string{};
}

double number_of(Json const& object, std::string_view key, double otherwise) {
    Json const* member = object.find(key);
    double const* number = member ? member->as_number() : nullptr;
    return number ? *number : otherwise;
}

bool flag_of(Json const& object, std::string_view key) {
    Json const* member = object.find(key);
    bool const* flag = member ? member->as_bool() : nullptr;
    return flag && *flag;
}

std::string Packet::text(std::string_view key) const { return text_of(head, key); }
double Packet::number(std::string_view key, double otherwise) const { return number_of(head, key, otherwise); }
bool Packet::flag(std::string_view key) const { return flag_of(head, key); }

SharedBytes Packet::buffer(std::string_view key) const {
    double index = number(key, -1);
    if (!(index >= 0) || index >= static_cast<double>(buffers.size())) return nullptr;
    return buffers[static_cast<std::size_t>(index)];
}

SharedFile Packet::kept(std::size_t index) const {
    Json const* member = head.find("kept");
    Json::Array const* files = member ? member->as_array() : nullptr;
    if (!files || index >= files->size()) return nullptr;
    Json const& file = (*files)[index];
    Json const* sums = head.find("crc");
    Json::Array const* crc = sums ? sums->as_array() : nullptr;
    double const sum = crc && index < crc->size() && (*crc)[index].as_number() ? *(*crc)[index].as_number() : 0;
    return owned({.number = static_cast<int>(std::clamp(number_of(file, "file"), 0.0, 2e9)),
                  .size = static_cast<std::int64_t>(std::clamp(number_of(file, "size"), 0.0, 1e15)),
                  .crc = static_cast<std::uint32_t>(std::clamp(sum, 0.0, 4294967295.0))});
}

SharedFile Packet::kept(std::string_view key) const {
    double const index = number(key, -1);
    return index >= 0 && index < 1e6 ? kept(static_cast<std::size_t>(index)) : nullptr;
}

Bytes packed(std::string_view head, std::vector<ByteView> const& buffers) {
    std::size_t total = 8 + 4 * buffers.size() + head.size();
    for (ByteView buffer : buffers) total += buffer.size();
    Bytes out;
    out.reserve(total);
    append_u32(out, static_cast<std::uint32_t>(head.size()));
    append_u32(out, static_cast<std::uint32_t>(buffers.size()));
    for (ByteView buffer : buffers) append_u32(out, static_cast<std::uint32_t>(buffer.size()));
    out.insert(out.end(), head.begin(), head.end());
    for (ByteView buffer : buffers) out.insert(out.end(), buffer.begin(), buffer.end());
    return out;
}

std::optional<Packet> unpacked(ByteView run) {
    if (run.size() < 8) return std::nullopt;
    std::size_t const head_length = u32_at(run, 0), count = u32_at(run, 4);
    if (count > (run.size() - 8) / 4) return std::nullopt;
    std::size_t at = 8 + 4 * count;
    if (head_length > run.size() - at) return std::nullopt;
    auto head = parse_json({reinterpret_cast<char const*>(run.data()) + at, head_length});
    if (!head) return std::nullopt;
    at += head_length;
    Packet packet{std::move(head).value(), {}};
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t const length = u32_at(run, 8 + 4 * i);
        if (length > run.size() - at) return std::nullopt;
        packet.buffers.push_back(std::make_shared<Bytes const>(run.begin() + static_cast<std::ptrdiff_t>(at),
                                                               run.begin() + static_cast<std::ptrdiff_t>(at + length)));
        at += length;
    }
    return packet;
}

void PacketWriter::add_buffer(std::string key, ByteView bytes) {
    head.add(std::move(key), static_cast<double>(m_buffers.size()));
    m_buffers.push_back(bytes);
}

} // namespace mg::app
