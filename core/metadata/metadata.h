#pragma once
// What the microscope wrote into the file, as Metadata. One file per vendor here and one line in readers.inc.
#include <optional>
#include <string_view>
#include <vector>

#include "codecs/codec.h"
#include "image/scene.h"

namespace mg {

/// All that a reader may look at.
struct MetadataInput {
    ByteView file;                    ///< the whole file: XL headers are found anywhere in it
    Decoded const* decoded = nullptr; ///< null when only the header is wanted and pixels could not be decoded
    std::string_view file_name;
    std::string_view relative_path; ///< with folders, for the sample and author rules; may equal file_name
    ByteView twin{};                ///< content of `_NAME` beside the file, when the user gave it
    ByteView sidecar{};             ///< what the microscope wrote beside the file: NAME.txt, NAME-tif.hdr
    std::string_view sidecar_name{}; ///< empty: NAME.txt
    int page = 0;                   ///< of the file, that was decoded

    /// Of the image in the file; empty when it could not be decoded.
    Size stored_size() const;
    /// The tag of the page that was decoded, else of the first page that has it; null: none has it.
    FileField const* tag(int number) const;
};

/// Names of files that belong to an image and hold no pixels: "x.txt" and "x.hdr" belong to "x.tif", "x-tif.hdr" too.
/// Names without folders; upper and lower case count as equal.
bool is_sidecar_name(std::string_view file_name);
bool is_sidecar_of(std::string_view sidecar_name, std::string_view image_name);

/// Whether any reader knows the content of a file beside an image; notes of the user's own are none.
bool is_known_sidecar(std::string_view file_name, ByteView content);

/// Runs the readers in order of trust (the file's own microscope header, its twin's, ImageJ, resolution tags, file and
/// folder names), merges their values with the source of each, and warns where two disagree by more than 1 %.
/// Never fails: what cannot be read is absent, with a warning.
Metadata read_metadata(MetadataInput const& input);

/// A vendor's reader.
struct MetadataReader {
    std::string_view id{};
    std::string_view title{};
    /// Cheap test whether read() is worth calling.
    bool (*sniff)(MetadataInput const& input) = nullptr;
    /// `pixel_sizes` may stay empty when the acquisition's is all that is stated; else that one stands first.
    Metadata (*read)(MetadataInput const& input) = nullptr;
};

/// Names of files that belong to another: "_x.tif" is the untouched twin of "x.tif". Returns the name of the twin that
/// would carry the header of `file_name`.
std::string twin_name(std::string_view file_name);

/// What file and folder names say by the rules of the original tools (PYTHON-TOOLS: SAMPLE_AA_YYMMDD folders, "~" for a
/// space, wavelength in the file name's chunks).
struct NameFacts {
    std::optional<std::string> sample, author, date;
    std::optional<double> wavelength_nm;
    std::optional<std::string> folder; ///< which folder they came from, for the source text
};
NameFacts facts_from_names(std::string_view relative_path);
/// Runs of digits (with a decimal point between digits) and runs of anything else: "10K405" gives "10", "K", "405".
std::vector<std::string_view> name_chunks(std::string_view stem);

} // namespace mg
