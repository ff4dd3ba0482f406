#pragma once
// What flows through a chain of steps: channels with their pixels, roles and acquisition facts.
// A Scene is cheap to copy (planes are shared and never edited in place), so caches and undo share memory.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "image/image.h"
#include "image/materials.h"
#include "math/affine.h"
#include "math/projective.h"

namespace mg {

/// A value with the place it was read from, in the user's words: "header: [Vector] Magnification", "resolution tags",
/// "file name", "corrected by you".
template <class T> struct Sourced {
    T value{};
    std::string source;
};

/// What the microscope said about an image; a value that is unknown, garbled or contradictory is absent.
struct Acquisition {
    std::optional<Sourced<double>> beam_energy_kv;
    std::optional<Sourced<double>> working_distance_mm;
    std::optional<Sourced<double>> magnification;
    std::optional<Sourced<double>> spot_size;
    std::optional<Sourced<double>> probe_current_na;
    std::optional<Sourced<double>> dwell_time_us;
    std::optional<Sourced<double>> scan_rotation_deg;
    std::optional<Sourced<double>> stage_tilt_deg; ///< 0: the beam falls on the sample at right angles
    /// Tilt for which the microscope has stretched the scan already, so that the pixel size holds on the tilted sample.
    std::optional<Sourced<double>> tilt_correction_deg;
    std::optional<Sourced<double>> wavelength_nm; ///< of a cathodoluminescence channel
    std::optional<Sourced<double>> pixel_size_x_nm; ///< of the pixels as stored in the file
    std::optional<Sourced<double>> pixel_size_y_nm;
    std::optional<Sourced<int>> databar_rows; ///< burned-in rows at the bottom of the stored image
    std::optional<Sourced<std::string>> detector;
    std::optional<Sourced<std::string>> beam_kind; ///< "electron" or "ion"
    std::optional<Sourced<std::string>> acquired;  ///< ISO 8601, "2025-04-10" or "2025-04-10T14:03:00"
    std::optional<Sourced<std::string>> instrument;
    std::optional<Sourced<std::string>> sample;
    std::optional<Sourced<std::string>> author;
    std::optional<Sourced<std::string>> user_text;
};

/// Calls visit(name, &Acquisition::member) for every fact; the names are those of the command line's JSON.
template <class Visit> void for_each_fact(Visit visit) {
    visit("beam_energy_kv", &Acquisition::beam_energy_kv);
    visit("working_distance_mm", &Acquisition::working_distance_mm);
    visit("magnification", &Acquisition::magnification);
    visit("spot_size", &Acquisition::spot_size);
    visit("probe_current_na", &Acquisition::probe_current_na);
    visit("dwell_time_us", &Acquisition::dwell_time_us);
    visit("scan_rotation_deg", &Acquisition::scan_rotation_deg);
    visit("stage_tilt_deg", &Acquisition::stage_tilt_deg);
    visit("tilt_correction_deg", &Acquisition::tilt_correction_deg);
    visit("wavelength_nm", &Acquisition::wavelength_nm);
    visit("pixel_size_x_nm", &Acquisition::pixel_size_x_nm);
    visit("pixel_size_y_nm", &Acquisition::pixel_size_y_nm);
    visit("databar_rows", &Acquisition::databar_rows);
    visit("detector", &Acquisition::detector);
    visit("beam_kind", &Acquisition::beam_kind);
    visit("acquired", &Acquisition::acquired);
    visit("instrument", &Acquisition::instrument);
    visit("sample", &Acquisition::sample);
    visit("author", &Acquisition::author);
    visit("user_text", &Acquisition::user_text);
}

/// What one source says of the size of the stored pixels.
struct StatedPixelSize {
    double x_nm = 0, y_nm = 0;
    std::string source;
};

struct RawKey {
    std::string section; ///< may be empty
    std::string key;
    std::string value;
};

struct Metadata {
    std::string vendor; ///< "Philips/FEI XL", "ImageJ", ... ; empty when nothing was recognised
    Acquisition acquisition;
    std::shared_ptr<std::vector<RawKey> const> raw; ///< all keys in file order; never null after reading
    std::vector<StatedPixelSize> pixel_sizes;       ///< of all sources, the one taken first; also when they agree
    std::vector<std::string> warnings;              ///< contradictions and garbled values, in words
};

/// Recorded value = black + plane value * (white - black). For integers black..white is the range of the stored type
/// (0..255, 0..4095 when the file says 12 bits, 0..65535); for floats and 32-bit integers the range found in the data.
struct ValueRange {
    double black = 0;
    double white = 1;
};

enum class Role {
    signal, ///< takes part in alignment and composite
    extra,  ///< rides along: aligned, shown in grey, without weight for the others
    element_map,
    lab_image,
    se_image,
    composite,           ///< made from the signals
    composite_saturated, ///< the same with more chroma
};

enum class Trust { reference, by_hand, accepted, doubtful, refused };

/// How an image of a set lies over the set's reference image, both as stored in their files.
struct Alignment {
    /// Stored pixel of the reference -> stored pixel of this image that shows the same spot.
    Projective from_reference;
    Trust trust = Trust::refused;
    double confidence = 0; ///< 0..1: how likely it is that the map is right
    double residual_px = 0; ///< estimated error of the map, rms over the frame, px of the reference; 0: unknown
    std::string reason;    ///< in words, when not accepted: "two scales disagree by 6 px"
};

/// One image matched directly with another, by their positions in Scene::channels.
struct PairMatch {
    int from = 0, to = 0;
    Projective map; ///< stored pixel of `from` -> stored pixel of `to`
    Trust trust = Trust::refused;
    double confidence = 0;
    double disagreement_px = 0; ///< against the solution for the whole set, rms over the frame
    std::string reason;
};

/// A word under a picture, in the colour of what it names.
struct CaptionPiece {
    std::string text;
    std::optional<Rgb> colour{}; ///< default: the databar's
};

/// Where the zero of a channel's signal is taken from.
enum class DarkLevel { recorded, minimum, percentile, area };

/// How the files of a set are told apart by their names.
struct NameRules {
    std::string quantity;       ///< what differs between the names, with its unit: "T(K)"; empty: the wavelength
    bool before_header = false; ///< the names are asked before the headers
    bool order_as_given = false; ///< channels stay in the order of the files, whatever their values
};

/// What the user says, or the header and the file name say, of a channel of a set (step "channel").
struct ChannelSettings {
    bool role_given = false;  ///< the role is the user's word; a role that was found may yield to what the set shows
    bool label_given = false; ///< likewise
    bool left_out = false;    ///< of the set altogether
    NameRules names;
    std::optional<double> order;  ///< given by the user; absent: by `value`, then by position
    std::optional<double> value;  ///< physical value that differs between the channels: wavelength, beam energy
    std::string quantity;         ///< "wavelength", "beam energy"; empty: unknown
    std::string unit;             ///< "nm", "kV"
    int slot = 0;                 ///< place in the palette; placeholders ("dummy") take one too
    std::optional<Rgb> tint;      ///< picked by the user; absent: from the palette
    double gain = 1;              ///< share of this channel in the composite
    bool shown = true;            ///< in the composite
    DarkLevel dark = DarkLevel::minimum;
    double dark_percent = 0.1;    ///< for DarkLevel::percentile
    Rect dark_area{};             ///< for DarkLevel::area, stored pixels
    std::string motion;           ///< by hand points: "", "shift", "similarity", "affine", "projective"
    std::string points;           ///< hand points, see core/ops/landmarks.h
};

/// What the user says, or the file and its name say, of a file among element maps (step "map").
struct MapSettings {
    bool role_given = false; ///< the role is the user's word
    bool role_named = false; ///< the role is in the file's name or header; else it is a guess that yields to the set
    std::string element;     ///< "Al"; empty: the name holds none
    /// Counts of a plane value of 1: counts = value * this. 0: not known yet.
    double counts_at_white = 0;
    bool counts_estimated = false;
    std::string counts_source; ///< "counts as recorded", "13 grey levels: at most 12 counts", "set by you"
};

struct Channel {
    std::string label;
    std::string file_name;     ///< as given by the user, without folders
    std::string relative_path; ///< folders known, '/'-separated, including the name; equals file_name when unknown
    Role role = Role::signal;
    std::vector<PlanePtr> planes; ///< one (grey) or three (R, G, B), all of one size
    MaskPtr mask;                 ///< null: nothing masked. MaskBit values, same size as the planes
    ValueRange range;
    int recorded_bits = 8; ///< bits per sample in the file
    bool recorded_float = false;
    Metadata metadata;

    /// Pixel size of the planes as they are now; every geometric step updates it. Absent: uncalibrated.
    std::optional<Sourced<double>> pixel_size_x_nm;
    std::optional<Sourced<double>> pixel_size_y_nm;
    /// Takes a pixel of the planes as they are now to the pixel of the file as stored.
    Affine to_recorded;
    /// Rows below the micrograph that a databar has appended (0: none); the rest is the micrograph.
    int databar_rows_px = 0;

    ChannelSettings settings;           ///< of a set
    MapSettings map;                    ///< of an element map
    std::optional<Alignment> alignment; ///< in a set, once it is known
    std::vector<CaptionPiece> caption;  ///< a further row of the databar

    Size size() const { return planes.empty() ? Size{} : planes.front()->size(); }
    bool is_colour() const { return planes.size() == 3; }
    /// Size without an appended databar.
    Size micrograph_size() const { return {size().width, size().height - databar_rows_px}; }
};

/// How the picture is to be written.
struct OutputFormat {
    int bits = 8; ///< 8 or 16 per sample
};

struct Scene {
    std::vector<Channel> channels;
    OutputFormat output;
    /// 1 for full resolution; 0.5 when the planes are a half-size preview. Lengths in px in parameters mean
    /// full-resolution pixels.
    double preview_scale = 1;
    int palette_slots = 0;        ///< of a set: colours to hand out, placeholders counted
    std::vector<PairMatch> pairs; ///< of a set: what was matched directly
    MaterialsPtr materials;       ///< of element maps, once they are clustered
};

} // namespace mg
