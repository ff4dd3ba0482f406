#include "app/overlay_desk.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "app/desk_tools.h"
#include "app/drop.h"
#include "app/facts.h"
#include "app/overlay_facts.h"
#include "app/overlay_words.h"
#include "app/pixels.h"
#include "app/work.h"
#include "base/text.h"
#include "recipe/channel_set.h"
#include "recipe/overlay.h"
#include "samples/sample_xl.h"

namespace mg::app {

namespace {

/// Settings of a channel that the screen follows by itself.
constexpr std::string_view k_live_keys[] = {"label", "tint", "gain", "shown", "dark", "dark_percent", "dark_area"};

/// All that the placed channels depend on.
Recipe placing(Recipe const& recipe) {
    Recipe result;
    for (StepUse const& use : recipe.steps) {
        if (use.step->id == "compose") break;
        result.steps.push_back(use);
    }
    for (Override const& o : recipe.overrides) {
        bool const live = o.step == "channel" &&
                          std::find(std::begin(k_live_keys), std::end(k_live_keys), o.key) != std::end(k_live_keys);
        if (!live && find_use(result, o.step)) result.overrides.push_back(o);
    }
    return result;
}

/// The file as the steps "correct" and "channel" see it, without pixels.
Channel channel_of(InputEntry const& input, FileResult const& result, Recipe const& recipe, Role role) {
    Scene scene;
    Channel& channel = scene.channels.emplace_back();
    channel.file_name = input.name;
    channel.relative_path = input.path;
    channel.metadata = result.metadata;
    channel.label = channel_label(result.metadata, input.name);
    channel.role = role;
    Job job;
    Channel const before = channel;
    if (!run_steps(only_steps(recipe_for_file(recipe, input.name), {"correct", "channel"}), scene, job)) return before;
    return scene.channels.empty() ? before : std::move(scene.channels.front());
}

struct Grouping {
    std::string name;
    std::vector<int> ids; ///< 0: a placeholder
    std::vector<Role> roles;
};

/// A config.txt names its files; the others are grouped by what they say of themselves.
std::vector<Grouping> groupings(Document const& document, std::vector<InputEntry const*> const& inputs,
                                Results const& results) {
    std::vector<Grouping> groups;
    std::vector<InputEntry const*> rest = inputs;
    if (!document.stack.empty()) {
        Grouping group{"config.txt", {}, {}};
        for (std::string const& name : document.stack) {
            auto const found = std::find_if(rest.begin(), rest.end(),
                                            [&](InputEntry const* input) { return iequals(input->name, name); });
            if (found == rest.end() && !is_placeholder(name)) continue;
            group.ids.push_back(found == rest.end() ? 0 : (*found)->id);
            group.roles.push_back(Role::signal);
            if (found != rest.end()) rest.erase(found);
        }
        if (std::any_of(group.ids.begin(), group.ids.end(), [](int id) { return id != 0; }))
            groups.push_back(std::move(group));
    }
    // Several pages of one file are a stack.
    for (std::size_t i = 0; i < rest.size();) {
        SharedFile const file = rest[i]->bytes;
        Grouping group{std::string(stem_of(file_name_of(rest[i]->path))), {}, {}};
        auto const is_page = [&](InputEntry const* input) { return file && input->bytes == file; };
        for (InputEntry const* input : rest)
            if (is_page(input)) group.ids.push_back(input->id);
        if (group.ids.size() < 2) {
            ++i;
            continue;
        }
        group.roles.assign(group.ids.size(), Role::signal);
        groups.push_back(std::move(group));
        std::erase_if(rest, is_page);
    }
    std::vector<SetInput> said;
    for (InputEntry const* input : rest) {
        FileResult const& result = results.files.at(input->id);
        said.push_back({input->name, input->path, &result.metadata, result.recorded_size});
    }
    std::vector<bool> grouped(rest.size());
    for (Series const& series : find_series(said)) {
        Grouping group{series.name, {}, {}};
        for (SeriesMember const& member : series.members) {
            auto const index = static_cast<std::size_t>(member.index);
            if (index >= rest.size() || grouped[index]) continue;
            grouped[index] = true;
            group.ids.push_back(rest[index]->id);
            group.roles.push_back(member.role);
        }
        if (!group.ids.empty()) groups.push_back(std::move(group));
    }
    for (std::size_t i = 0; i < rest.size(); ++i) // each file is somewhere
        if (!grouped[i])
            groups.push_back({std::string(stem_of(std::string_view(rest[i]->name))), {rest[i]->id}, {Role::signal}});
    return groups;
}

OverlaySeries named(Grouping const& group, Document const& document, Results const& results) {
    OverlaySeries series{group.name, {}, group.ids};
    std::vector<SetMember> members;
    std::vector<OverlayMember> out;
    for (std::size_t i = 0; i < group.ids.size(); ++i) {
        int const id = group.ids[i];
        InputEntry const* input = find_input(document, id);
        if (!input) {
            members.push_back({0, std::nullopt});
            continue;
        }
        Channel channel = channel_of(*input, results.files.at(id), document.overlay, group.roles[i]);
        if (channel.settings.left_out)
            out.push_back({id, true, std::move(channel)});
        else
            members.push_back({id, std::move(channel)});
    }
    ChannelSet set = channel_set(std::move(members));
    for (std::size_t i = 0; i < set.scene.channels.size(); ++i)
        series.members.push_back({set.ids[i], false, std::move(set.scene.channels[i])});
    for (OverlayMember& member : out) series.members.push_back(std::move(member));
    return series;
}

float from_half(std::uint16_t half) {
    std::uint32_t const magnitude = half & 0x7fffu;
    std::uint32_t bits = (magnitude << 13) + 0x38000000u;
    float value;
    std::memcpy(&value, &bits, 4);
    if (magnitude < 0x400) value = static_cast<float>(magnitude) * (1.0f / 16777216.0f);
    return half & 0x8000 ? -value : value;
}

/// The largest picture of a pyramid that has no more pixels than that.
std::vector<float> level_of(PlacedPictures const& placed, int layer, std::int64_t most_pixels) {
    Bytes const& bytes = *placed.pyramids[static_cast<std::size_t>(layer)];
    std::size_t at = 0;
    for (Size const& size : pyramid_sizes(placed.size)) {
        auto const count = static_cast<std::size_t>(size.area());
        if (size.area() > most_pixels) {
            at += 2 * count;
            continue;
        }
        std::vector<float> values(count);
        for (std::size_t i = 0; i < count; ++i) {
            std::uint16_t half;
            std::memcpy(&half, bytes.data() + at + 2 * i, 2);
            values[i] = from_half(half);
        }
        return values;
    }
    return {};
}

std::vector<InputEntry> inputs_of(Document const& document, OverlaySeries const& series) {
    std::vector<InputEntry> inputs;
    for (int id : series.given) {
        InputEntry const* input = find_input(document, id);
        if (input)
            inputs.push_back(*input);
        else if (id == 0)
            inputs.push_back({0, "dummy", "dummy", nullptr, nullptr, nullptr});
    }
    return inputs;
}

} // namespace

void OverlayDesk::update(Now const& now) {
    m_settled = true;
    ask_recorded(now);
    if (now.view.workspace != Workspace::overlay) return;
    group(now);
    tell_truth(now);
    look(now);
    join(now);
    ask(now);
}

void OverlayDesk::group(Now const& now) {
    std::uint64_t const key = grouping_key(now.document, now.revision, now.view.selected, now.results);
    if (key == m_grouped_for) return;
    m_grouped_for = key;
    OverlayResult& overlay = now.results.overlay;
    std::vector<InputEntry const*> known;
    for (InputEntry const& input : now.document.inputs)
        if (!now.results.files[input.id].recorded_size.empty()) known.push_back(&input);
    overlay.series.clear();
    for (Grouping const& grouping : groupings(now.document, known, now.results))
        overlay.series.push_back(named(grouping, now.document, now.results));
    overlay.shown = overlay.series.empty() ? -1 : 0;
    for (std::size_t i = 0; i < overlay.series.size(); ++i)
        for (OverlayMember const& member : overlay.series[i].members)
            if (member.id != 0 && member.id == now.view.selected) overlay.shown = static_cast<int>(i);
}

/// Of generated images: the true map from the reference.
void OverlayDesk::tell_truth(Now const& now) {
    if (m_samples.empty()) return;
    OverlayResult& overlay = now.results.overlay;
    std::vector<SampleMap> const maps = sample_xl_truth(k_sample_seed);
    auto const true_map = [&](PlacedChannel const& placed) -> std::optional<Affine> {
        InputEntry const* input = find_input(now.document, placed.id);
        if (!input) return std::nullopt;
        auto const sample = m_samples.find(input->path);
        if (sample == m_samples.end() || sample->second != input->bytes) return std::nullopt;
        for (SampleMap const& map : maps)
            if (map.relative_path == input->path) return map.from_reference;
        return std::nullopt;
    };
    std::optional<Affine> reference;
    for (PlacedChannel const& placed : overlay.channels)
        if (placed.channel.alignment && placed.channel.alignment->trust == Trust::reference)
            reference = true_map(placed);
    if (!reference) return;
    for (PlacedChannel& placed : overlay.channels)
        if (auto const map = true_map(placed)) placed.truth = Projective(map->after(reference->inverse()));
}

/// What the settings as they are now make of the channels as they were placed.
void OverlayDesk::look(Now const& now) {
    OverlayResult& overlay = now.results.overlay;
    if (overlay.channels.empty()) return;
    std::vector<Channel> channels;
    std::vector<ChannelMeasure> measures;
    // What has been placed has pixels, though they are elsewhere.
    auto pixel = Plane::filled({1, 1}, 0.0f);
    PlanePtr const stand_in = pixel ? std::make_shared<Plane const>(std::move(*pixel)) : nullptr;
    for (PlacedChannel& placed : overlay.channels) {
        if (overlay.shown >= 0)
            for (OverlayMember const& member : overlay.series[static_cast<std::size_t>(overlay.shown)].members)
                if (member.id == placed.id) {
                    placed.channel.settings = member.channel.settings;
                    placed.channel.label = member.channel.label;
                }
        channels.push_back(placed.channel);
        if (placed.layer >= 0 && stand_in) channels.back().planes = {stand_in};
        measures.push_back(placed.measure);
    }
    overlay.look = look_for(channels, measures, overlay.palette_slots, compose_settings(now.document.overlay));
}

/// The histogram of two channels, and the share of the pixels in the brush.
void OverlayDesk::join(Now const& now) {
    OverlayResult& overlay = now.results.overlay;
    if (std::find(now.view.unfolded.begin(), now.view.unfolded.end(), "joint") == now.view.unfolded.end()) return;
    struct Axis {
        int id = 0, layer = -1;
        ChannelLook look{};
    };
    std::vector<Axis> placed;
    for (std::size_t i = 0; i < overlay.channels.size() && i < overlay.look.channels.size(); ++i)
        if (overlay.channels[i].layer >= 0)
            placed.push_back({overlay.channels[i].id, overlay.channels[i].layer, overlay.look.channels[i]});
    if (placed.size() < 2 || !overlay.placed) {
        overlay.joint = nullptr;
        m_joined_for = 0;
        return;
    }
    auto const chosen = [&](int id, std::size_t otherwise) {
        for (Axis const& axis : placed)
            if (axis.id == id) return axis;
        return placed[otherwise];
    };
    Axis const across = chosen(now.view.overlay.across, 0), up = chosen(now.view.overlay.up, 1);
    Brush const& brush = now.view.overlay.brush;
    std::string said = std::to_string(overlay.placed->serial);
    for (Axis const* axis : {&across, &up})
        said += " " + std::to_string(axis->layer) + " " + format_shortest(double{axis->look.black}) + " " +
                format_shortest(double{axis->look.white});
    for (double side : {brush.left, brush.right, brush.bottom, brush.top}) said += " " + format_shortest(side);
    if (hash_of(said) == m_joined_for) return;
    m_joined_for = hash_of(said);
    overlay.joint_across = across.id;
    overlay.joint_up = up.id;

    constexpr int k_side = 128;
    constexpr std::int64_t k_pixels = 400000; // as many as say enough
    std::vector<float> const xs = level_of(*overlay.placed, across.layer, k_pixels),
                             ys = level_of(*overlay.placed, up.layer, k_pixels);
    std::vector<int> counts(std::size_t{k_side} * k_side);
    auto const place = [](float value, ChannelLook const& l) {
        return std::clamp((value - l.black) / (l.white - l.black), 0.0f, 1.0f);
    };
    std::size_t within = 0;
    for (std::size_t i = 0; i < xs.size() && i < ys.size(); ++i) {
        float const x = place(xs[i], across.look), y = place(ys[i], up.look);
        if (!(x >= 0 && y >= 0)) continue;
        within += x >= brush.left && x <= brush.right && y >= brush.bottom && y <= brush.top;
        auto const column = static_cast<std::size_t>(std::min(x * k_side, k_side - 1.0f)),
                   row = static_cast<std::size_t>(std::min(y * k_side, k_side - 1.0f));
        ++counts[(k_side - 1 - row) * k_side + column];
    }
    overlay.brushed = xs.empty() || brush.empty() ? 0 : static_cast<double>(within) / static_cast<double>(xs.size());
    // The last row and column also hold what lies beyond: they do not set the scale.
    int most = 1;
    for (std::size_t row = 1; row + 1 < k_side; ++row)
        for (std::size_t column = 1; column + 1 < k_side; ++column)
            most = std::max(most, counts[row * k_side + column]);
    Picture picture;
    picture.size = {k_side, k_side};
    picture.bytes_per_pixel = 1;
    picture.serial = (std::uint64_t{1} << 61) + m_next_serial++;
    for (int count : counts)
        picture.pixels.push_back(
            static_cast<std::uint8_t>(std::min(255.0, 255 * std::log1p(30.0 * count / most) / std::log1p(30.0))));
    overlay.joint = std::make_shared<Picture const>(std::move(picture));
}

/// While points are placed, the two images are shown as they were recorded.
void OverlayDesk::ask_recorded(Now const& now) {
    OverlayResult& overlay = now.results.overlay;
    if (!now.view.points.placing) return overlay.recorded.clear();
    MaterialsResult const& materials = now.results.materials;
    std::vector<int> ids;
    if (now.view.workspace == Workspace::overlay && overlay.shown >= 0)
        for (OverlayMember const& member : overlay.series[static_cast<std::size_t>(overlay.shown)].members)
            if (!member.left_out) ids.push_back(member.id);
    if (now.view.workspace == Workspace::materials && materials.shown >= 0)
        for (MapEntry const& member : materials.sets[static_cast<std::size_t>(materials.shown)].members)
            if (!member.left_out) ids.push_back(member.id);
    for (int const id : ids) {
        std::string const kind = "overlay_picture/" + std::to_string(id);
        InputEntry const* input = find_input(now.document, id);
        if (!input || overlay.recorded.count(id) || now.scheduler.set_under_way(kind)) continue;
        overlay.recorded[id] = nullptr;
        SetRequest request{kind, {*input}, {}, static_cast<std::uint64_t>(id)};
        request.head.add("recipe", to_json(Recipe{}));
        now.scheduler.ask_set(std::move(request));
    }
}

void OverlayDesk::ask(Now const& now) {
    OverlayResult& overlay = now.results.overlay;
    overlay.busy.clear();
    for (InputEntry const& input : now.document.inputs) {
        FileState const state = now.results.files[input.id].state;
        if (state == FileState::waiting || state == FileState::working) {
            overlay.busy = "reading";
            m_settled = false;
            return; // the set is complete when all are known
        }
    }
    if (overlay.shown < 0) return;
    OverlaySeries const& series = overlay.series[static_cast<std::size_t>(overlay.shown)];
    SetRequest request{"overlay", {}, {}, 0};
    std::string ids;
    std::size_t images = 0;
    for (OverlayMember const& member : series.members)
        if (!member.left_out) ++images;
    if (images == 0) return;
    request.inputs = inputs_of(now.document, series);
    for (InputEntry const& input : request.inputs)
        ids += std::to_string(input.id) + "." + std::to_string(input.page) + (input.twin ? "t" : "") + (input.sidecar ? "s " : " ");
    Recipe const recipe = placing(now.document.overlay);
    request.key = hash_of(to_json(recipe), hash_of(ids));
    if (request.key != m_have) {
        m_settled = request.key == m_asked && !now.scheduler.set_under_way("overlay"); // answered by words
        if (!m_settled) overlay.busy = "aligning";
        if (request.key == m_asked) return;
        m_asked = request.key;
        m_finish_asked = 0;
        if (std::string words = too_large(request, now.results); !words.empty()) {
            overlay.failure = std::move(words);
            overlay.busy.clear();
            m_settled = true;
            return;
        }
        request.head.add("recipe", to_json(now.document.overlay));
        request.head.add("key", static_cast<double>(request.key >> 12));
        now.scheduler.ask_set(std::move(request));
        return;
    }
    std::uint64_t const finish = hash_of(to_json(now.document.overlay), request.key);
    if (finish == m_finish_asked) {
        m_settled = !now.scheduler.set_under_way("overlay_finish");
        return;
    }
    m_finish_asked = finish;
    m_settled = false;
    request.kind = "overlay_finish";
    request.inputs.clear();
    request.head.add("recipe", to_json(now.document.overlay));
    request.head.add("key", static_cast<double>(request.key >> 12));
    request.key = finish;
    now.scheduler.ask_set(std::move(request));
}

void OverlayDesk::take(SetAnswer const& answer, Results& results) {
    OverlayResult& overlay = results.overlay;
    Packet const& reply = answer.reply;
    if (answer.kind.starts_with("overlay_picture")) {
        if (auto picture =
                picture_from(reply, "size", "bytes_per_pixel", "picture", (std::uint64_t{1} << 62) + m_next_serial++))
            overlay.recorded[static_cast<int>(answer.key)] = std::move(picture);
        return;
    }
    if (!answer.failure.empty()) {
        overlay.failure = answer.failure;
        return;
    }
    if (answer.kind == "overlay_finish") {
        if (reply.head.find("unplaced")) {
            m_have = m_asked = m_finish_asked = 0; // that worker is gone
            return;
        }
        if (Json const* darks = reply.head.find("darks"); darks && darks->as_array())
            for (std::size_t i = 0; i < darks->as_array()->size() && i < overlay.channels.size(); ++i)
                if (double const* dark = (*darks->as_array())[i].as_number()) overlay.channels[i].measure.dark = *dark;
        overlay.databar =
            picture_from(reply, "databar_size", "databar_bytes", "databar", (std::uint64_t{1} << 62) + m_next_serial++);
        overlay.databar_inside = reply.flag("inside");
        std::erase_if(overlay.notes, [](Note const& note) { return note.step == "compose" || note.step == "databar"; });
        if (Json const* notes = reply.head.find("notes"))
            for (Note& note : notes_from(*notes)) overlay.notes.push_back(std::move(note));
        return;
    }
    m_have = answer.key;
    overlay.failure.clear();
    overlay.channels.clear();
    overlay.databar = nullptr;
    Json const* channels = reply.head.find("channels");
    Json const* measures = reply.head.find("measures");
    if (channels && channels->as_array())
        for (std::size_t i = 0; i < channels->as_array()->size(); ++i) {
            SharedBytes const values = measures && measures->as_array() && i < measures->as_array()->size()
                                           ? buffer_at(reply, (*measures->as_array())[i])
                                           : nullptr;
            overlay.channels.push_back(placed_channel_from((*channels->as_array())[i], values));
        }
    auto placed = std::make_shared<PlacedPictures>();
    placed->size = size_of(reply.head.find("first"));
    placed->serial = m_next_serial++;
    std::size_t bytes = 0;
    if (!placed->size.empty())
        for (Size const& size : pyramid_sizes(placed->size)) bytes += static_cast<std::size_t>(size.area()) * 2;
    if (Json const* pyramids = reply.head.find("pyramids"); pyramids && pyramids->as_array())
        for (Json const& index : *pyramids->as_array())
            if (SharedBytes pyramid = buffer_at(reply, index); pyramid && pyramid->size() == bytes)
                placed->pyramids.push_back(std::move(pyramid));
    placed->channels = static_cast<int>(placed->pyramids.size());
    for (PlacedChannel& channel : overlay.channels)
        if (channel.layer >= placed->channels) channel.layer = -1;
    overlay.placed = placed->channels > 0 ? std::move(placed) : nullptr;
    overlay.size = size_of(reply.head.find("size"));
    overlay.palette_slots = static_cast<int>(reply.number("palette_slots"));
    Json const* pairs = reply.head.find("pairs");
    overlay.pairs = pairs ? pairs_from(*pairs) : std::vector<PairMatch>{};
    Json const* notes = reply.head.find("notes");
    overlay.notes = notes ? notes_from(*notes) : std::vector<Note>{};
    overlay.left_out = failures_from(reply);
    overlay.pixel_size_x_nm.reset();
    overlay.pixel_size_y_nm.reset();
    overlay.residual_px = 0;
    int accepted = 0;
    for (PlacedChannel const& channel : overlay.channels) {
        if (!overlay.pixel_size_x_nm && channel.channel.pixel_size_x_nm) {
            overlay.pixel_size_x_nm = channel.channel.pixel_size_x_nm->value;
            if (channel.channel.pixel_size_y_nm) overlay.pixel_size_y_nm = channel.channel.pixel_size_y_nm->value;
        }
        auto const& alignment = channel.channel.alignment;
        if (!alignment || alignment->trust != Trust::accepted) continue;
        overlay.residual_px += alignment->residual_px * alignment->residual_px;
        ++accepted;
    }
    if (accepted > 0) overlay.residual_px = std::sqrt(overlay.residual_px / accepted);
    overlay.milliseconds = reply.number("milliseconds");
}

SetRequest OverlayDesk::export_request(Document const& document, OverlaySeries const& series, std::string folder) {
    SetRequest request{"overlay_export", {}, {}, 0};
    Json stack{Json::Array{}};
    request.inputs = inputs_of(document, series);
    for (InputEntry const& input : request.inputs) stack.push(input.name);
    request.head.add("recipe", to_json(document.overlay));
    request.head.add("folder", std::move(folder));
    request.head.add("stack", std::move(stack));
    return request;
}

} // namespace mg::app
