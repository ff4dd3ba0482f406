#include "app/material_edits.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace mg::app {

namespace {

constexpr std::string_view k_step = "cluster", k_known = "materials", k_brush = "brush", k_count = "k";

/// The value of this key; null when the step has none of that kind.
template <class T>
T* value_of(Recipe& recipe, std::string_view key) {
    StepUse* use = find_use(recipe, k_step);
    int const index = use ? param_index(*use->step, key) : -1;
    return index < 0 ? nullptr : std::get_if<T>(&use->values[static_cast<std::size_t>(index)]);
}
std::string text_in(Recipe const& recipe, std::string_view key) {
    Recipe copy = recipe;
    std::string const* text = value_of<std::string>(copy, key);
    return text ? *text : std::string();
}
std::vector<KnownMaterial> known_in(Recipe const& recipe) {
    auto known = parse_known_materials(text_in(recipe, k_known));
    return known ? std::move(*known) : std::vector<KnownMaterial>{};
}
std::vector<BrushStroke> strokes_in(Recipe const& recipe) {
    auto strokes = parse_brush(text_in(recipe, k_brush));
    return strokes ? std::move(*strokes) : std::vector<BrushStroke>{};
}

struct Said {
    std::vector<KnownMaterial> known;
    std::vector<BrushStroke> strokes;

    /// Nothing depends on this entry but how a material is called and coloured.
    bool only_names(std::size_t index) const {
        KnownMaterial const& material = known[index];
        return !material.locked && material.parts == 1 && material.centres.size() == 1 &&
               std::none_of(strokes.begin(), strokes.end(),
                            [&](BrushStroke const& stroke) { return stroke.material == material.name; });
    }
};
Said said_in(Recipe const& recipe) {
    return {known_in(recipe), strokes_in(recipe)};
}
std::string stand_in(std::size_t index) {
    return "material " + std::to_string(index);
}

/// A name that no other material has.
std::string unique_name(std::string name, std::vector<KnownMaterial> const& known, Materials const& found, int self) {
    name = std::string(trimmed(sanitized_utf8(name)));
    auto const taken = [&](std::string const& wanted) {
        for (std::size_t i = 0; i < found.list.size(); ++i)
            if (static_cast<int>(i) != self && found.list[i].name == wanted) return true;
        std::string const* own = self >= 0 ? &found.list[static_cast<std::size_t>(self)].name : nullptr;
        return std::any_of(known.begin(), known.end(), [&](KnownMaterial const& each) {
            return each.name == wanted && !(own && each.name == *own);
        });
    };
    std::string result = name;
    for (int i = 2; taken(result); ++i) result = name + " " + std::to_string(i);
    return result;
}

struct Editor {
    Recipe& recipe;
    Materials const& found;
    std::vector<KnownMaterial> known = known_in(recipe);
    std::vector<BrushStroke> strokes = strokes_in(recipe);

    Material const* material(int index) const {
        return index >= 0 && static_cast<std::size_t>(index) < found.list.size()
                   ? &found.list[static_cast<std::size_t>(index)]
                   : nullptr;
    }
    /// What has been said of it so far, or as it is found now.
    KnownMaterial* entry(int index) {
        Material const* m = material(index);
        if (!m) return nullptr;
        for (KnownMaterial& each : known)
            if (each.name == m->name) return &each;
        known.push_back(known_from(*m, found.elements));
        return &known.back();
    }
    void rename_strokes(std::string const& from, std::string const& to) {
        for (BrushStroke& stroke : strokes)
            if (stroke.material == from) stroke.material = to;
    }

    void operator()(NameMaterial const& c) {
        Material const* m = material(c.material);
        if (!m) return;
        std::string const before = m->name;
        if (std::string(trimmed(c.name)).empty()) return; // it needs one
        std::string const name = unique_name(c.name, known, found, c.material);
        if (KnownMaterial* e = entry(c.material)) e->name = name;
        rename_strokes(before, name);
    }
    void operator()(LockMaterial const& c) {
        if (KnownMaterial* e = entry(c.material)) e->locked = c.locked;
    }
    void operator()(ColourMaterial const& c) {
        if (KnownMaterial* e = entry(c.material)) e->picked = c.colour;
    }
    void operator()(MergeMaterials const& c) {
        if (c.materials.size() < 2) return;
        for (int const index : c.materials)
            if (!material(index)) return;
        Material const* into = material(c.materials.front());
        std::vector<std::vector<std::pair<std::string, double>>> centres;
        for (int const index : c.materials) {
            Material const* m = material(index);
            KnownMaterial const* e = entry(index);
            centres.insert(centres.end(), e->centres.begin(), e->centres.end());
            rename_strokes(m->name, into->name);
        }
        for (std::size_t i = 1; i < c.materials.size(); ++i) {
            std::string const gone = material(c.materials[i])->name;
            if (gone != into->name) std::erase_if(known, [&](KnownMaterial const& each) { return each.name == gone; });
        }
        KnownMaterial* e = entry(c.materials.front());
        e->centres = std::move(centres);
        e->parts = 1;
    }
    void operator()(SplitMaterial const& c) {
        if (KnownMaterial* e = entry(c.material)) e->parts = std::clamp(c.parts, 1, k_most_materials);
    }
    void operator()(AddMaterial const& c) {
        if (!c.pixels) return;
        std::vector<double> sums(found.elements.size());
        std::size_t count = 0;
        for (std::size_t i = 0; i < c.pixels->size(); ++i) {
            if (!(*c.pixels)[i]) continue;
            ++count;
            for (std::size_t e = 0; e < sums.size() && e < found.counts.size(); ++e)
                if (PlanePtr const& plane = found.counts[e];
                    plane && i < static_cast<std::size_t>(plane->size().area()))
                    sums[e] += static_cast<double>(plane->data()[i]);
        }
        if (count == 0) return;
        KnownMaterial made;
        made.locked = true; // else it would be whatever lies nearest
        auto& centre = made.centres.emplace_back();
        std::size_t most = 0;
        for (std::size_t e = 0; e < sums.size(); ++e) {
            sums[e] /= static_cast<double>(count);
            if (sums[e] > 0) centre.emplace_back(found.elements[e].label, sums[e]);
            if (sums[e] > sums[most]) most = e;
        }
        if (centre.empty()) return;
        std::string name(trimmed(c.name));
        if (name.empty()) name = "New " + found.elements[most].label;
        made.name = unique_name(name, known, found, -1);
        known.push_back(std::move(made));
    }
    void operator()(ForgetMaterial const& c) {
        Material const* m = material(c.material);
        if (!m) return;
        std::erase_if(known, [&](KnownMaterial const& each) { return each.name == m->name; });
        std::erase_if(strokes, [&](BrushStroke const& stroke) { return stroke.material == m->name; });
    }
    void operator()(ForgetMaterials const&) {
        known.clear();
        strokes.clear();
    }
    void operator()(SetMaterialCount const& c) {
        StepUse* use = find_use(recipe, k_step);
        int const index = use ? param_index(*use->step, k_count) : -1;
        if (index < 0) return;
        if (auto* count = std::get_if<std::int64_t>(&use->values[static_cast<std::size_t>(index)]))
            *count = std::clamp(c.count, 0, k_most_materials);
    }
    void operator()(PaintMaterial const& c) {
        std::string name = "-";
        if (c.material >= 0) {
            KnownMaterial const* e = entry(c.material); // so that its name stays
            if (!e) return;
            name = e->name;
        }
        if (strokes.empty() || strokes.back().material != name) strokes.push_back({name, {}});
        for (BrushDisc const& disc : c.discs) strokes.back().discs.push_back(disc);
    }
    void operator()(ClearBrush const&) { strokes.clear(); }
    template <class Other>
    void operator()(Other const&) {}

    void keep() {
        if (std::string* text = value_of<std::string>(recipe, k_known)) *text = known_materials_text(known);
        if (std::string* text = value_of<std::string>(recipe, k_brush)) *text = brush_text(strokes);
    }
};

} // namespace

bool is_material_edit(Command const& command) {
    return std::holds_alternative<NameMaterial>(command) || std::holds_alternative<LockMaterial>(command) ||
           std::holds_alternative<ColourMaterial>(command) || std::holds_alternative<MergeMaterials>(command) ||
           std::holds_alternative<SplitMaterial>(command) || std::holds_alternative<AddMaterial>(command) ||
           std::holds_alternative<ForgetMaterial>(command) || std::holds_alternative<ForgetMaterials>(command) ||
           std::holds_alternative<SetMaterialCount>(command) || std::holds_alternative<PaintMaterial>(command) ||
           std::holds_alternative<ClearBrush>(command);
}

Recipe materials_edited(Recipe recipe, Materials const& found, Command const& command) {
    Recipe const before = recipe;
    Editor editor{recipe, found};
    auto const known = known_materials_text(editor.known);
    auto const strokes = brush_text(editor.strokes);
    std::visit(editor, command);
    if (known != known_materials_text(editor.known) || strokes != brush_text(editor.strokes)) editor.keep();
    return recipe;
}

std::optional<Materials> shown_after(Materials const& found, Command const& command) {
    auto const changed = [&](int index, auto change) -> std::optional<Materials> {
        if (index < 0 || static_cast<std::size_t>(index) >= found.list.size()) return std::nullopt;
        Materials next = found;
        change(next.list[static_cast<std::size_t>(index)]);
        return next;
    };
    if (auto const* c = std::get_if<NameMaterial>(&command)) {
        if (trimmed(c->name).empty()) return std::nullopt;
        return changed(c->material, [&](Material& m) {
            m.name = unique_name(c->name, {}, found, c->material);
            m.name_given = true;
        });
    }
    if (auto const* c = std::get_if<LockMaterial>(&command))
        return changed(c->material, [&](Material& m) { m.locked = c->locked; });
    if (auto const* c = std::get_if<ColourMaterial>(&command))
        return changed(c->material, [&](Material& m) {
            m.picked = c->colour;
            if (c->colour) m.colour = *c->colour;
        });
    return std::nullopt;
}

Recipe without_names(Recipe recipe) {
    Said said = said_in(recipe);
    std::vector<KnownMaterial> kept;
    for (std::size_t i = 0; i < said.known.size(); ++i) {
        if (said.only_names(i)) continue;
        KnownMaterial& material = kept.emplace_back(std::move(said.known[i]));
        for (BrushStroke& stroke : said.strokes)
            if (stroke.material == material.name) stroke.material = stand_in(i);
        material.name = stand_in(i);
        material.picked.reset();
    }
    if (std::string* text = value_of<std::string>(recipe, k_known)) *text = known_materials_text(kept);
    if (std::string* text = value_of<std::string>(recipe, k_brush)) *text = brush_text(said.strokes);
    return recipe;
}

void give_names(Materials& found, Recipe const& recipe) {
    Said const said = said_in(recipe);
    auto const give = [](Material& material, KnownMaterial const& known) {
        material.name = known.name;
        material.name_given = true;
        material.picked = known.picked;
    };
    struct Match {
        double distance = 0;
        std::size_t known = 0, material = 0;
    };
    std::vector<Match> matches;
    for (std::size_t i = 0; i < said.known.size(); ++i) {
        KnownMaterial const& known = said.known[i];
        for (std::size_t m = 0; m < found.list.size(); ++m) {
            Material& material = found.list[m];
            if (!said.only_names(i)) {
                if (material.name_given && material.name == stand_in(i)) give(material, known);
                continue;
            }
            if (material.name_given || material.centres.empty()) continue;
            // As the step measures how alike compositions are.
            double size = 0, squares = 0;
            for (auto const& [label, counts] : known.centres[0])
                for (std::size_t e = 0; e < found.elements.size() && e < material.centres[0].size(); ++e) {
                    if (found.elements[e].label != label) continue;
                    double const off = std::sqrt(counts) - std::sqrt(material.centres[0][e]);
                    size += counts;
                    squares += off * off;
                }
            if (squares < 0.25 * size) matches.push_back({squares, i, m});
        }
    }
    std::stable_sort(matches.begin(), matches.end(),
                     [](Match const& a, Match const& b) { return a.distance < b.distance; });
    std::vector<bool> used(said.known.size());
    for (Match const& match : matches) {
        Material& material = found.list[match.material];
        if (used[match.known] || material.name_given) continue;
        used[match.known] = true;
        give(material, said.known[match.known]);
    }
    // Names by composition keep apart from these, and need no number any more when they are alone.
    for (std::size_t i = 0; i < found.list.size(); ++i) {
        Material& material = found.list[i];
        if (material.name_given) continue;
        std::size_t const blank = material.name.find_last_of(' ');
        if (blank != std::string::npos && parse_int(std::string_view(material.name).substr(blank + 1)))
            material.name.resize(blank);
        auto const taken = [&](std::string const& name) {
            for (std::size_t k = 0; k < found.list.size(); ++k)
                if (k != i && (k < i || found.list[k].name_given) && found.list[k].name == name) return true;
            return false;
        };
        std::string const base = material.name;
        for (int number = 2; taken(material.name); ++number) material.name = base + " " + std::to_string(number);
    }
}

std::vector<BrushedDisc> brushed_discs(Recipe const& recipe, std::vector<Material> const& list) {
    std::vector<BrushedDisc> discs;
    for (BrushStroke const& stroke : strokes_in(recipe)) {
        int material = -1;
        for (std::size_t i = 0; i < list.size() && stroke.material != "-"; ++i)
            if (list[i].name == stroke.material) material = static_cast<int>(i);
        for (BrushDisc const& disc : stroke.discs) discs.push_back({material, disc});
    }
    return discs;
}

} // namespace mg::app
