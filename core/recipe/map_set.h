#pragma once
// Files of one field put together to a set of element maps: which electron image is the Lab image and which the SE
// image, which files are given twice, and the order of the elements.
#include <string>
#include <vector>

#include "image/scene.h"

namespace mg {

struct MapMember {
    int id = 0;
    Channel channel;    ///< with what the step "map" found of the file alone
    std::string sha256; ///< of the file
};

struct MapFiles {
    Scene scene;          ///< element maps by atomic number, Lab image, SE image
    std::vector<int> ids; ///< parallel to the channels
    struct Remark {
        int id = 0;
        std::string text; ///< begins with the file's name
    };
    std::vector<Remark> left_out, remarks; ///< files that are not in the scene; what else the user should know
};

/// The same set whatever the order of the files. What the user gave is kept; the rest is found:
/// - a file given twice is left out once; maps of one label and other content are told apart by their file names;
/// - at most one Lab image and one SE image: named ones before guesses, for the SE image the largest; others are left
/// out;
/// - an electron image as large as the maps is the Lab image, unless the user calls it the SE image;
/// - several electron images by guess, as large as the maps, are maps themselves.
MapFiles map_set(std::vector<MapMember> members);

} // namespace mg
