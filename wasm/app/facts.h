#pragma once
// What a worker finds out about a file, as JSON and back: metadata, notes, measurements.
#include <optional>
#include <vector>

#include "base/json.h"
#include "image/scene.h"
#include "ops/find_scale_bar.h"
#include "recipe/job.h"
#include "recipe/pipeline.h"

namespace mg::app {

Json to_json(Metadata const& metadata);
Metadata metadata_from(Json const& json);

Json to_json(BurnedBar const& bar);
std::optional<BurnedBar> burned_bar_from(Json const& json);

Json to_json(std::vector<Note> const& notes);
std::vector<Note> notes_from(Json const& json);

Json to_json(std::vector<LinkMeasurement> const& measured);
std::vector<LinkMeasurement> measurements_from(Json const& json);

Json to_json(Affine const& affine);
Affine affine_from(Json const& json);

} // namespace mg::app
