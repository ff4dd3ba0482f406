// Gatan DigitalMicrograph: units, origins and scales in tags of their own, and the tree of tags in 65027.
#include "support/layout_bytes.h"
#include "support/vendor_layouts.h"

namespace mg::test {

namespace {

/// Writes a tree as version 4 does: numbers of the tree big-endian in 8 bytes, values little-endian.
class Tree {
public:
    void big(std::uint64_t value, int bytes) {
        for (int i = bytes - 1; i >= 0; --i) m_bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    void begin(std::uint64_t entries) {
        big(1, 2); // sorted, closed
        big(entries, 8);
    }
    std::size_t entry(int kind, std::string_view name) {
        big(static_cast<std::uint64_t>(kind), 1);
        big(name.size(), 2);
        m_bytes.insert(m_bytes.end(), name.begin(), name.end());
        big(0, 8); // its size, known later
        return m_bytes.size();
    }
    /// Fills in the size of the entry whose content began at `start`.
    void end(std::size_t start) {
        std::uint64_t size = m_bytes.size() - start;
        for (std::size_t i = 0; i < 8; ++i) m_bytes[start - 1 - i] = static_cast<std::uint8_t>(size >> (8 * i));
    }
    void info(std::initializer_list<std::uint64_t> numbers) {
        for (char c : {'%', '%', '%', '%'}) m_bytes.push_back(static_cast<std::uint8_t>(c));
        big(numbers.size(), 8);
        for (std::uint64_t number : numbers) big(number, 8);
    }
    void real32(std::string_view name, float value) {
        std::size_t start = entry(21, name);
        info({6});
        m_bytes.resize(m_bytes.size() + 4);
        put_float(m_bytes, m_bytes.size() - 4, value);
        end(start);
    }
    void real64(std::string_view name, double value) {
        std::size_t start = entry(21, name);
        info({7});
        m_bytes.resize(m_bytes.size() + 8);
        put_double(m_bytes, m_bytes.size() - 8, value);
        end(start);
    }
    void text(std::string_view name, std::string_view value) {
        std::size_t start = entry(21, name);
        info({20, 4, value.size()});
        m_bytes.resize(m_bytes.size() + 2 * value.size());
        put_utf16(m_bytes, m_bytes.size() - 2 * value.size(), value);
        end(start);
    }
    void pair(std::string_view name, float a, float b) {
        std::size_t start = entry(21, name);
        info({15, 0, 2, 0, 6, 0, 6});
        m_bytes.resize(m_bytes.size() + 8);
        put_float(m_bytes, m_bytes.size() - 8, a);
        put_float(m_bytes, m_bytes.size() - 4, b);
        end(start);
    }
    Bytes const& bytes() const { return m_bytes; }

private:
    Bytes m_bytes;
};

Bytes tree_bytes() {
    Tree tree;
    tree.begin(3);
    std::size_t device = tree.entry(20, "Acquisition");
    tree.begin(1);
    tree.pair("Pixel Size (um)", 14, 14);
    tree.end(device);
    std::size_t bar = tree.entry(20, "DataBar");
    tree.begin(3);
    tree.text("Acquisition Date", "7/20/2015");
    tree.text("Acquisition Time", "6:48:25 PM");
    tree.text("Device Name", "UltraScan");
    tree.end(bar);
    std::size_t microscope = tree.entry(20, "Microscope Info");
    tree.begin(8);
    tree.real64("Indicated Magnification", 5100);
    tree.text("Name", "Tecnai");
    tree.text("Operator", "Marie");
    tree.real32("Probe Current (nA)", 0); // not reported
    tree.text("Specimen", "ZnO");
    std::size_t stage = tree.entry(20, "Stage Position");
    tree.begin(1);
    tree.real64("Stage Alpha", 12.5);
    tree.end(stage);
    tree.text("Microscope", "");
    tree.real64("Voltage", 200000);
    tree.end(microscope);

    Tree whole;
    whole.big(4, 4);
    whole.big(tree.bytes().size(), 8);
    whole.big(1, 4); // values little-endian
    Bytes bytes = whole.bytes();
    bytes.insert(bytes.end(), tree.bytes().begin(), tree.bytes().end());
    bytes.resize(bytes.size() + 8);
    return bytes;
}

FileField number_tag(int tag, double value) {
    return {0, tag, {}, double_bytes(value)};
}

} // namespace

std::vector<VendorLayout> gatan_dm_layouts() {
    VendorLayout layout;
    layout.name = "gatan dm";
    layout.tags = {text_tag(65003, "\xB5m"),      text_tag(65004, "nm"),        number_tag(65006, 139.5),
                   number_tag(65007, 128.25),     number_tag(65009, 0.1686747), number_tag(65010, 170.25),
                   text_tag(65012, "micrometer"), text_tag(65013, "nanometer"), number_tag(65024, 0),
                   number_tag(65025, 1),          {0, 65027, {}, tree_bytes()}};
    layout.vendor = "Gatan DigitalMicrograph";
    layout.expected.pixel_size_x_nm = {168.6747, {}};
    layout.expected.pixel_size_y_nm = {170.25, {}};
    layout.expected.beam_energy_kv = {200.0, {}};
    layout.expected.beam_kind = {"electron", {}};
    layout.expected.magnification = {5100.0, {}};
    layout.expected.stage_tilt_deg = {12.5, {}};
    layout.expected.detector = {"UltraScan", {}};
    layout.expected.instrument = {"Tecnai", {}};
    layout.expected.sample = {"ZnO", {}};
    layout.expected.author = {"Marie", {}};
    layout.expected.acquired = {"2015-07-20T18:48:25", {}};

    // As other programs write for it: calibration alone.
    VendorLayout plain = layout;
    plain.name = "gatan dm without its tree";
    plain.tags.pop_back();
    plain.expected = {};
    plain.expected.pixel_size_x_nm = {168.6747, {}};
    plain.expected.pixel_size_y_nm = {170.25, {}};
    return {layout, plain};
}

} // namespace mg::test
