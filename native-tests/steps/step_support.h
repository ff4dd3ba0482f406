#pragma once
// Channels for tests of steps on a whole set, and what such a step says.
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "steps/registry.h"
#include "support/words.h"

namespace mg::test {

inline Channel channel_of(std::string name, Plane plane, Role role = Role::signal) {
    Channel channel;
    channel.label = channel.file_name = channel.relative_path = std::move(name);
    channel.role = role;
    channel.planes.push_back(std::make_shared<Plane const>(std::move(plane)));
    channel.metadata.raw = std::make_shared<std::vector<RawKey> const>();
    return channel;
}

inline std::string warnings_of(Job const& job) {
    std::string text;
    for (Note const& note : job.notes())
        if (note.key == "warning") text += note.text + "\n";
    return text;
}

inline Trust trust_of(Channel const& channel) {
    return channel.alignment ? channel.alignment->trust : Trust::refused;
}

using Changes = std::vector<std::pair<std::string_view, Value>>;

/// The channel after a step with its defaults but for these values; the job may be null.
inline Result<Channel> after_step(std::string_view step_id, Channel channel, Changes const& changes, Job* job) {
    Step const& step = *find_step(step_id);
    auto values = step.defaults();
    for (auto const& [key, value] : changes)
        for (std::size_t i = 0; i < values.size(); ++i)
            if (step.params[i].info.key == key) values[i] = value;
    Scene scene;
    scene.channels.push_back(std::move(channel));
    Job own;
    MG_TRY_DO(step.run(scene, values, job ? *job : own));
    return scene.channels.front();
}

inline Value choice(std::int64_t index) {
    return index;
}
inline Value text(char const* words) {
    return std::string(words);
}

} // namespace mg::test
