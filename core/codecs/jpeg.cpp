// JPEG through libjpeg-turbo: grey, colour, and CMYK without a profile; 8 bits; sequential and progressive.
// libjpeg leaves through longjmp when it cannot go on. Only the two functions of Session that call setjmp are crossed,
// and they hold nothing that would need a destructor.
#include "codecs/plane_filler.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <jpeglib.h>
// After jpeglib.h, which it needs.
#include <jerror.h>

namespace mg {
namespace {

/// Pixels times scans: a progressive file may have many scans, each of which costs time and hardly any bytes.
constexpr std::int64_t k_max_scanned_pixels = std::int64_t{1} << 31;
/// A block of 8 x 8 pixels takes two bits at least; colour may be stored at a quarter of the size.
constexpr std::int64_t k_max_pixels_per_byte = 4096;

class Session {
public:
    Session() = default;
    ~Session() {
        if (m_is_created) jpeg_destroy_decompress(&info);
    }
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    /// False: see message() and is_cut_off.
    bool read_header(ByteView file) {
        info.err = jpeg_std_error(&m_errors);
        m_errors.error_exit = leave;
        m_errors.emit_message = note_warning;
        m_errors.output_message = [](j_common_ptr) {};
        info.client_data = this;
        m_progress.progress_monitor = count_scans;
        if (setjmp(m_escape)) return false;
        jpeg_create_decompress(&info);
        m_is_created = true;
        info.progress = &m_progress;
        jpeg_mem_src(&info, file.data(), static_cast<unsigned long>(file.size()));
        jpeg_save_markers(&info, JPEG_COM, 0xFFFF);
        return jpeg_read_header(&info, TRUE) == JPEG_HEADER_OK;
    }

    /// Rows of interleaved bytes, through `row`, to planes of `channels` channels.
    bool read_rows(std::uint8_t* row, PlaneFiller& planes, int channels) {
        if (setjmp(m_escape)) return false;
        jpeg_start_decompress(&info);
        if (info.output_components != channels) return false;
        auto const width = static_cast<int>(info.output_width);
        while (info.output_scanline < info.output_height) {
            auto const y = static_cast<int>(info.output_scanline);
            JSAMPROW rows[] = {row};
            jpeg_read_scanlines(&info, rows, 1);
            for (int c = 0; c < channels; ++c)
                planes.put({c, 0, y, width}, [&](float* out) {
                    for (std::ptrdiff_t x = 0; x < width; ++x)
                        out[x] = static_cast<float>(row[x * channels + c]) / 255.0f;
                });
        }
        return true;
    }

    std::string message() const { return m_message; }
    std::int64_t rows_done() const { return m_is_created ? info.output_scanline : 0; }
    long warnings() const { return m_errors.num_warnings; }

    jpeg_decompress_struct info{};
    bool is_cut_off = false;
    bool has_too_many_scans = false;

private:
    static Session& of(j_common_ptr common) { return *static_cast<Session*>(common->client_data); }
    [[noreturn]] static void leave(j_common_ptr common) {
        Session& session = of(common);
        common->err->format_message(common, session.m_message);
        std::longjmp(session.m_escape, 1);
    }
    static void note_warning(j_common_ptr common, int level) {
        if (level >= 0) return;
        ++common->err->num_warnings;
        if (common->err->msg_code != JWRN_JPEG_EOF) return;
        of(common).is_cut_off = true;
        leave(common);
    }
    static void count_scans(j_common_ptr common) {
        Session& session = of(common);
        std::int64_t const pixels = std::int64_t{session.info.image_width} * session.info.image_height;
        if (session.info.input_scan_number * pixels <= k_max_scanned_pixels && session.info.input_scan_number < 500)
            return;
        session.has_too_many_scans = true;
        leave(common);
    }

    jpeg_error_mgr m_errors{};
    jpeg_progress_mgr m_progress{};
    jmp_buf m_escape;
    char m_message[JMSG_LENGTH_MAX] = "";
    bool m_is_created = false;
};

/// Adobe stores CMYK inverted.
void convert_cmyk(Planes& planes, bool is_inverted) {
    std::int64_t const count = planes[0].size().area();
    float const* key = planes[3].data();
    for (std::size_t c = 0; c < 3; ++c) {
        float* colour = planes[c].data();
        for (std::int64_t i = 0; i < count; ++i)
            colour[i] = is_inverted ? colour[i] * key[i] : (1.0f - colour[i]) * (1.0f - key[i]);
    }
    planes.pop_back();
}

Error failure(DecodeInput const& input, Session const& session, std::int64_t height) {
    if (session.has_too_many_scans)
        return file_error(input, ErrorCode::too_large, "takes more passes over its pixels than any camera writes");
    if (session.is_cut_off) return cut_off(input, session.rows_done(), height, "rows");
    return damaged(input, "cannot be decoded (" + session.message() + ")");
}

Result<Decoded> decode(DecodeInput const& input) {
    Session session;
    if (!session.read_header(input.file)) return failure(input, session, 1);
    jpeg_decompress_struct& info = session.info;
    MG_TRY(Size const size, checked_size(input, info.image_width, info.image_height));
    if (size.area() / k_max_pixels_per_byte > static_cast<std::int64_t>(input.file.size()))
        return damaged(input, "is too small for the " + std::to_string(size.width) + " x " +
                                  std::to_string(size.height) + " px that it claims");
    int const channels = info.num_components;
    if (channels != 1 && channels != 3 && channels != 4)
        return file_error(input, ErrorCode::unsupported,
                          "holds " + std::to_string(channels) + " colours; save it as grey or RGB");
    info.out_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;

    Decoded decoded;
    decoded.format = "JPEG";
    decoded.range = {0, 255};
    if (info.saw_JFIF_marker && info.X_density > 0 && info.Y_density > 0) {
        auto const unit = info.density_unit == 1   ? Resolution::Unit::inch
                          : info.density_unit == 2 ? Resolution::Unit::centimetre
                                                   : Resolution::Unit::none;
        decoded.resolution = Resolution{static_cast<double>(info.X_density), static_cast<double>(info.Y_density), unit};
    }
    for (jpeg_saved_marker_ptr marker = info.marker_list; marker; marker = marker->next)
        decoded.fields.push_back({0, 0, "Comment", Bytes(marker->data, marker->data + marker->data_length)});

    MG_TRY(PlaneFiller filler, PlaneFiller::create(input, size, channels, decoded));
    Bytes row(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(channels));
    if (!session.read_rows(row.data(), filler, channels)) return failure(input, session, size.height);
    Planes planes = filler.take();
    if (session.warnings() > 0) decoded.warnings.push_back("some pixels may be damaged");
    if (channels == 4) {
        convert_cmyk(planes, info.saw_Adobe_marker != 0);
        decoded.warnings.push_back("CMYK colours, converted to RGB without a profile");
    }
    decoded.planes = shared(std::move(planes));
    return decoded;
}

bool sniff(ByteView file) {
    return starts_with(file, "\xFF\xD8\xFF");
}

} // namespace

extern constinit Codec const k_codec_jpeg;
constinit Codec const k_codec_jpeg{sniff, decode};

} // namespace mg
