#pragma once
// What a worker finds out about a set of images, as JSON and back.
#include "app/packet.h"
#include "app/results.h"

namespace mg::app {

Json to_json(Projective const& map);
Projective projective_from(Json const& json);

Json to_json(Alignment const& alignment);
Alignment alignment_from(Json const& json);

Json to_json(std::vector<PairMatch> const& pairs);
std::vector<PairMatch> pairs_from(Json const& json);

/// All of a channel but its pixels and its metadata; the long parts of its measure go as a buffer.
Json to_json(PlacedChannel const& placed);
Bytes measure_bytes(ChannelMeasure const& measure);
PlacedChannel placed_channel_from(Json const& json, SharedBytes const& measured);

} // namespace mg::app
