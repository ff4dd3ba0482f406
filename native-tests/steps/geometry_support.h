#pragma once
// Running single steps on made scenes, for the tests of geometry and databar.
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>

#include "recipe/step.h"
#include "support/notes.h"

namespace mg {

extern Step const k_step_strip_databar, k_step_crop, k_step_halve, k_step_orient, k_step_rotate, k_step_scale,
    k_step_square_pixels, k_step_pad, k_step_databar;

namespace test {

/// A choice by its key.
struct Key {
    std::string key;
};
struct Setting {
    std::string key;
    Value value;
    bool is_choice = false;
    Setting(std::string k, double v) : key(std::move(k)) { value = v; }
    Setting(std::string k, int v) : key(std::move(k)) { value = std::int64_t{v}; }
    Setting(std::string k, bool v) : key(std::move(k)) { value = v; }
    Setting(std::string k, char const* v) : key(std::move(k)) { value = std::string(v); }
    Setting(std::string k, Key v) : key(std::move(k)), is_choice(true) { value = std::move(v.key); }
};

inline Status run_step(Step const& step, Scene& scene, std::vector<Setting> const& settings, Job& job) {
    std::vector<Value> values = step.defaults();
    for (Setting const& setting : settings) {
        bool known = false;
        for (std::size_t i = 0; i < step.params.size(); ++i) {
            ParamInfo const& info = step.params[i].info;
            if (info.key != setting.key) continue;
            known = true;
            if (!setting.is_choice) values[i] = setting.value;
            for (std::size_t c = 0; setting.is_choice && c < info.choices.size(); ++c)
                if (info.choices[c].key == *std::get_if<std::string>(&setting.value))
                    values[i] = static_cast<std::int64_t>(c);
        }
        EXPECT_TRUE(known) << step.id << " has no " << setting.key;
    }
    job.begin_step(std::string(step.id));
    return step.run(scene, values, job);
}
inline void run_ok(Step const& step, Scene& scene, std::vector<Setting> const& settings = {}) {
    Job job;
    Status status = run_step(step, scene, settings, job);
    ASSERT_TRUE(status.has_value()) << step.id << ": " << status.error().message;
}
/// One channel, value(x, y) in each pixel.
template <class F>
Scene scene_of(Size size, F value, double pixel_x_nm = 0, double pixel_y_nm = 0) {
    Plane plane = std::move(Plane::create(size)).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) plane.at(x, y) = static_cast<float>(value(x, y));
    Scene scene;
    Channel& channel = scene.channels.emplace_back();
    channel.planes.push_back(std::make_shared<Plane const>(std::move(plane)));
    channel.metadata.raw = std::make_shared<std::vector<RawKey> const>();
    if (pixel_x_nm > 0) {
        channel.pixel_size_x_nm = Sourced<double>{pixel_x_nm, "test"};
        channel.pixel_size_y_nm = Sourced<double>{pixel_y_nm, "test"};
    }
    return scene;
}

} // namespace test
} // namespace mg
