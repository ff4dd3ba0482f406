#pragma once
// What a worker finds out about materials, as JSON and back. The planes go as buffers beside it.
#include "app/packet.h"
#include "app/results.h"

namespace mg::app {

/// Elements, list, curve and proposed number; no planes.
Json to_json(Materials const& materials);
Materials materials_from(Json const& json);

/// A file's role, label, element, counts and alignment; neither pixels nor metadata.
Json to_json(MapFact const& fact);
MapFact map_fact_from(Json const& json);

} // namespace mg::app
