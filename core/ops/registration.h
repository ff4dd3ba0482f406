#pragma once
// Registration of a set of images of one place: which pixel of each shows the spot that a pixel of the reference shows.
// It refuses rather than guesses: each pair, and each image, is accepted, doubtful or refused, with words.
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/work.h"
#include "image/scene.h"

namespace mg {

enum class Motion { shift, similarity, affine, projective };

/// Two stored pixels, of two images, that show the same spot.
struct PointPair {
    Point from, to;
};

/// Points placed by hand: pixels of image `other` and of the image that holds this.
struct HandPoints {
    int other = 0; ///< index into the set
    Motion motion = Motion::shift;
    std::vector<PointPair> points; ///< from: in `other`, to: in this image
};

struct RegistrationImage {
    ImageView<float const> pixels;      ///< despiked, on the grid as recorded; 0..1 of the recorded range
    ImageView<std::uint8_t const> mask; ///< null data: nothing masked; any bit set: left out of the matching
    double pixel_aspect = 1;            ///< height of a pixel / its width
    bool weightless = false;            ///< is placed by the others and carries no weight for them
    std::vector<HandPoints> hand;       ///< replaces what would be found for these pairs
};

enum class PairChoice { all, consecutive, to_first };

struct RegistrationSettings {
    Motion motion = Motion::shift; ///< the richest that is tried; simpler ones are kept unless the data ask for more
    PairChoice pairs = PairChoice::all;
    double largest_shift = 0.15; ///< of two images, as a share of the image's height
    int reference = 0;
};

struct Registration {
    std::vector<Alignment> images; ///< one per image; maps between the images' own pixels as given
    std::vector<PairMatch> pairs;  ///< likewise
    double residual_px = 0;        ///< rms disagreement of the accepted pairs with the solution
};

/// Deterministic: the same images give the same bits on every platform and however many threads `work` has.
/// Errors: fewer than one image, an empty image, cancelled. Blank or saturated images are refused one by one, not
/// errors.
Result<Registration> register_set(std::span<RegistrationImage const> images, RegistrationSettings const& settings,
                                  Work& work);

/// Least-squares map through hand points, and how far each point is from it. Needs 1, 2, 3, 4 points by motion; fewer
/// are answered with the richest motion they allow.
struct LandmarkFit {
    Projective map;
    Motion motion = Motion::shift;
    std::vector<double> residuals_px; ///< per point, in pixels of `to`
};
Result<LandmarkFit> fit_landmarks(std::span<PointPair const> points, Motion motion, double pixel_aspect);
/// Moves `to` by local correlation of the surroundings of both points; unchanged when they do not correlate.
PointPair refined_landmark(RegistrationImage const& from, RegistrationImage const& to, PointPair const& pair);

/// Text of hand points: "10K405.TIF affine 10.5,20=12,21 30,40=31.5,42; S10K.TIF shift 5,5=6,7": for each other image
/// its name (quoted when it has blanks), the motion, and pairs x,y=X,Y (stored pixels of the other = of this one).
struct NamedHandPoints {
    std::string other;
    Motion motion = Motion::shift;
    std::vector<PointPair> points;
};
Result<std::vector<NamedHandPoints>> parse_hand_points(std::string_view text);
std::string hand_points_text(std::span<NamedHandPoints const> points);

} // namespace mg
