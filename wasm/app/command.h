#pragma once
// Everything that a panel, a key, a dropped file or the automation API can ask for. Panels emit commands and own nothing.
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/document.h"
#include "app/view_state.h"
#include "ops/known_materials.h"
#include "ops/registration.h"

namespace mg::app {

struct DroppedFile {
    std::string path; ///< "folder/name.tif" or "name.tif"
    SharedFile bytes;
    /// Of what may be a recipe or settings: its text, or of a PNG all before its pixels. Null for any other file.
    SharedBytes start{};
};

// Changes of the document (undoable):
struct AddFiles { std::vector<DroppedFile> files; }; ///< pairs twins and sidecars; a recipe file or PNG sets the recipe
struct RemoveFile { int id = 0; };
struct RemoveAllFiles {};
struct ChoosePage { int id = 0; int page = 0; };  ///< of a file with several; counted from 0
struct OpenPages { int id = 0; int count = 1; };  ///< the file's other pages, of `count`, as inputs of their own
struct SetParam {
    std::string step;
    std::string key;
    Value value;
    std::string gesture; ///< same for all changes of one drag; empty for a single change
    int only_file = 0;   ///< an input's id: an override for that file alone; 0: for all
};
struct ResetParam { std::string step; std::string key; int only_file = 0; }; ///< only_file: drops that file's override
struct SetEnabled { std::string step; bool enabled = true; };
struct ResetStep { std::string step; };
struct SetRecipe { Recipe recipe; };
struct UsePreset { bool compatible = false; }; ///< back to the defaults, or to the original tools' numbers
struct Undo {};
struct Redo {};

// Changes of the view:
struct SetView { ViewState view; std::string gesture; };
struct Select { int id = 0; };
struct SelectNext { int by = 1; };

// Actions:
struct OpenDialog { bool folder = false; };
struct OpenSamples {};  ///< of the workspace that is shown
struct SavePng {};       ///< of the selected file
struct SaveAllZip {};
struct SaveRecipe {};
struct CopyImage {};
struct CopyText { std::string text; };
struct ChooseLogo {};    ///< file dialog for the databar's logo
struct CancelWork {};
struct GoOn {};          ///< with the last session, as the browser kept it
struct ForgetSession {}; ///< the last one
struct AlignAgain {};    ///< after a failure or a stop
struct SaveConfig {};    ///< config.txt of the overlay
struct PlacePoint {      ///< a pair of points on two images, to be refined and kept with `file`
    int file = 0, other = 0;
    PointPair pair;
};

// What the user says about materials (undoable); `material`: index of the list as found last. They become the texts
// "materials" and "brush" of the step "cluster".
struct NameMaterial { int material = 0; std::string name; std::string gesture; };
struct LockMaterial { int material = 0; bool locked = true; };
/// Without a colour: the one that the palette gives.
struct ColourMaterial { int material = 0; std::optional<Rgb> colour; std::string gesture; };
struct MergeMaterials { std::vector<int> materials; }; ///< into the first of them
struct SplitMaterial { int material = 0; int parts = 2; };
struct AddMaterial { std::string name; PixelSet pixels; }; ///< of the mean composition of these; empty name: by composition
struct ForgetMaterial { int material = 0; }; ///< all that was said of it: name, colour, lock, merging, splitting, brush
struct ForgetMaterials {};                   ///< of all
struct SetMaterialCount { int count = 0; };  ///< 0: as many as the curve proposes
struct PaintMaterial {                       ///< a stroke of the brush
    int material = 0;                        ///< -1: gives pixels back
    std::vector<BrushDisc> discs;            ///< pixels of the maps
    std::string gesture;
};
struct ClearBrush {};

using Command = std::variant<NameMaterial, LockMaterial, ColourMaterial, MergeMaterials, SplitMaterial, AddMaterial,
                             ForgetMaterial, ForgetMaterials, SetMaterialCount, PaintMaterial, ClearBrush, AddFiles, RemoveFile, RemoveAllFiles, ChoosePage, OpenPages, SetParam, ResetParam, SetEnabled, ResetStep, SetRecipe,
                             UsePreset, Undo, Redo, SetView, Select, SelectNext, OpenDialog, OpenSamples, SavePng,
                             SaveAllZip, SaveRecipe, CopyImage, CopyText, ChooseLogo, CancelWork, GoOn, ForgetSession, AlignAgain, SaveConfig, PlacePoint>;

using CommandSink = std::vector<Command>;

/// Applies a command that changes the document and returns the new one; others return it unchanged. Pure.
/// `workspace`: whose recipe is meant; corrections of metadata hold in all.
Document applied(Document document, Command const& command, int& next_id, Workspace workspace = Workspace::annotate);

} // namespace mg::app
