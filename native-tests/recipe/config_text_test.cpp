// The original tools' config.txt: read as they wrote it, and written so that it reads back.
#include <gtest/gtest.h>

#include "base/text.h"
#include "recipe/overlay.h"

namespace mg {
namespace {

ConfigText read(std::string const& text) {
    return read_config_text(text, overlay_recipe());
}

std::string value_words(Recipe const& recipe, std::string_view step, std::string_view key) {
    StepUse const* use = find_use(recipe, step);
    int const index = use ? param_index(*use->step, key) : -1;
    if (index < 0) return "none";
    return value_text(use->step->params[static_cast<std::size_t>(index)], use->values[static_cast<std::size_t>(index)]);
}

using Texts = std::vector<std::string>;

TEST(ConfigText, TakesPythonsLiteralsAndComments) {
    auto const config = read("# settings\r\n"
                             "extra_img_ident = 'S#'   # a comment\r\n"
                             "extra_img_label=\"it's\"\r\n"
                             "subtract_min_brightness = False # no\n"
                             "\n"
                             "param_in_filename = '\u03BB(nm)'\n"
                             "force_label_by_filename = True\n");
    EXPECT_EQ(config.warnings, Texts{});
    EXPECT_EQ(value_words(config.recipe, "channel", "extra_identifier"), "S#");
    EXPECT_EQ(value_words(config.recipe, "channel", "extra_prefix"), "it's");
    EXPECT_EQ(value_words(config.recipe, "compose", "subtract_dark"), "false");
    EXPECT_EQ(value_words(config.recipe, "channel", "name_quantity"), "\u03BB(nm)");
    EXPECT_EQ(value_words(config.recipe, "channel", "label_from"), "name");
}

TEST(ConfigText, KeysThatMeanSeveralValuesSetThemAll) {
    auto const config = read("use_affine_transform = True\nconsecutive_alignment = False\ndisable_transform = True\n"
                             "force_downsample = True\nretouch_databar = True\nunsharp_weight = .5\n"
                             "green_channel_factor = .7\nsaturation_enhance = .3\nmax_brightness_norm = 1\n");
    EXPECT_EQ(config.warnings, Texts{});
    EXPECT_EQ(value_words(config.recipe, "place", "halve"), "on");
    EXPECT_EQ(value_words(config.recipe, "mark_drawings", "retouch"), "true");
    EXPECT_TRUE(find_use(config.recipe, "unsharp")->enabled);
    EXPECT_EQ(value_words(config.recipe, "unsharp", "amount"), "0.5");
    EXPECT_EQ(value_words(config.recipe, "compose", "palette"), "classic");
    EXPECT_EQ(value_words(config.recipe, "compose", "saturated_chroma"), "2.2");
    EXPECT_EQ(value_words(config.recipe, "compose", "compatible"), "true");
    EXPECT_FALSE(find_use(read("unsharp_weight = 0").recipe, "unsharp")->enabled);
    EXPECT_EQ(value_words(read("force_downsample = False").recipe, "place", "halve"), "auto")
        << "the original halves large images then";
}

TEST(ConfigText, EveryKeyOfTheOriginalIsObeyedOrNamed) {
    // As the original tool writes it.
    auto const config = read("pixel_anisotropy = .91\nsubtract_min_brightness = True\nretouch_databar = False\n"
                             "disable_transform = False\nuse_affine_transform = False\nconsecutive_alignment = True\n"
                             "decim = 2\ndatabar_pct = 0.01\ndetect_edges = False\nrel_max_shift = .15\n"
                             "trmatrix_factor = 1.0\nrel_smoothing = 2e-3\nforce_downsample = False\n"
                             "downsample_size_threshold = 1000\ndownsample_magn_threshold = 10000\n"
                             "extra_img_ident = 'S'\nextra_img_label = '+'\nparam_in_filename = '\u03BB(nm)'\n"
                             "force_label_by_filename = False\ngreen_channel_factor = 0.6\n"
                             "mean_brightness_norm = 0.5\nmax_brightness_norm = 0.5\nsaturation_enhance = .15\n"
                             "unsharp_weight = 0.0\nunsharp_radius = 6.0\ngamma = 1.5\ninput_files = ['a.tif']\n");
    EXPECT_EQ(config.warnings, Texts{});
    EXPECT_EQ(value_words(config.recipe, "place", "anisotropy"), "0.91");
    EXPECT_TRUE(find_use(config.recipe, "align")->enabled);
    EXPECT_EQ(value_words(config.recipe, "align", "motion"), "shift");
    EXPECT_EQ(value_words(config.recipe, "align", "pairs"), "consecutive");
    auto const other = read("decim = 4\ndetect_edges = True\nrel_smoothing = .01\ndatabar_pct = .05\n"
                            "rel_max_shift = .3\ntrmatrix_factor = .5\nuse_affine_transform = True\n"
                            "consecutive_alignment = False\n");
    ASSERT_EQ(other.warnings.size(), 3u);
    EXPECT_TRUE(other.warnings[0].starts_with("line 1: decim changes nothing here: ")) << other.warnings[0];
    EXPECT_TRUE(other.warnings[1].starts_with("line 2: detect_edges changes nothing here: "));
    EXPECT_TRUE(other.warnings[2].starts_with("line 3: rel_smoothing changes nothing here: "));
    EXPECT_EQ(value_words(other.recipe, "align", "ignore_bottom"), "0.05");
    EXPECT_EQ(value_words(other.recipe, "align", "largest_shift"), "0.3");
    EXPECT_EQ(value_words(other.recipe, "align", "deviation"), "0.5");
    EXPECT_EQ(value_words(other.recipe, "align", "motion"), "affine");
    EXPECT_EQ(value_words(other.recipe, "align", "pairs"), "to_first");
    EXPECT_FALSE(find_use(read("disable_transform = True").recipe, "align")->enabled);
}

TEST(ConfigText, WhatIsWrittenOfTheDefaultsNeedsNoOtherKeys) {
    std::string const text = write_config_text(overlay_recipe(), {});
    EXPECT_EQ(text.find("did not have"), std::string::npos) << text;
    for (std::string_view const key : config_keys())
        if (key != "decim" && key != "detect_edges" && key != "rel_smoothing")
            EXPECT_NE(text.find("\n" + std::string(key) + " = "), text.find("\n# " + std::string(key) + " = ")) << key;
}

TEST(ConfigText, TheOriginalDefaultsKeepOurLook) {
    auto const config = read("green_channel_factor = 0.6\nmean_brightness_norm = 0.5\nmax_brightness_norm=.5\n"
                             "saturation_enhance = .15\ngamma = 1.5\nunsharp_weight = 0.0\n");
    EXPECT_EQ(config.warnings, Texts{});
    EXPECT_EQ(value_words(config.recipe, "compose", "palette"), "wavelength");
    EXPECT_EQ(value_words(config.recipe, "compose", "compatible"), "false");
    EXPECT_EQ(value_words(config.recipe, "compose", "saturated_chroma"), "1.6");
}

TEST(ConfigText, TakesTheFilesInEveryForm) {
    for (char const* text : {"input_files = ['a.tif', \"dummy\", 'b b.tif']  # last run\n",
                             "input_files = ['a.tif',   # first\n  'dummy',\n  'b b.tif'\n]\nextra_img_ident='x'\n",
                             "input_files = ('a.tif', 'dummy', 'b b.tif')\n", "input_files = a.tif, dummy, b b.tif\n",
                             "input_files = 'a.tif'\ninput_files = dummy\ninput_files = b b.tif\n"}) {
        auto const config = read(text);
        EXPECT_EQ(config.warnings, Texts{}) << text;
        EXPECT_EQ(config.input_files, (Texts{"a.tif", "dummy", "b b.tif"})) << text;
    }
    EXPECT_EQ(read("input_files = []\n").input_files, Texts{});
}

TEST(ConfigText, UnknownKeysAreNamedWithTheirLineAndTheNearest) {
    auto const config = read("\nextra_img_idnt = 'x'\nqqqqqqqqqqqqqqqqq = 1\n");
    ASSERT_EQ(config.warnings.size(), 2u);
    EXPECT_TRUE(config.warnings[0].starts_with("line 2: no key \"extra_img_idnt\"; did you mean extra_img_ident"))
        << config.warnings[0];
    EXPECT_EQ(config.warnings[1], "line 3: no key \"qqqqqqqqqqqqqqqqq\"; it is left out");
    EXPECT_EQ(config.recipe, overlay_recipe());
}

TEST(ConfigText, NonsenseIsNamedWithWhatIsExpected) {
    struct Case {
        char const *line, *warning;
    };
    for (auto const& [line, warning] : {
             Case{"subtract_min_brightness = banana", "subtract_min_brightness = \"banana\": True or False is expected"},
             Case{"subtract_min_brightness = 3", "subtract_min_brightness = \"3\": True or False is expected"},
             Case{"channel.gain = 'much'", "channel.gain = \"much\": a number from 0 to 100 is expected"},
             Case{"channel.gain = 1000", "channel.gain = \"1000\": a number from 0 to 100 is expected"},
             Case{"channel.order = 1.5", "channel.order = \"1.5\": a whole number from 0 to 10000 is expected"},
             Case{"channel.role = 'main'",
                  "channel.role = \"main\": expected is one of auto signal extra off"},
             Case{"extra_img_ident = 'S", "extra_img_ident: the text has no closing '"},
             Case{"extra_img_ident =  # nothing", "extra_img_ident: the value is missing"},
             Case{"extra_img_ident = 'S' or so", "extra_img_ident: \"or so\" stands after the value"},
             Case{"just words", "\"just words\" is not of the form key = value"},
             Case{"only = 3", "after \"only\" the name of a file in quotes is expected"},
             Case{"only 'a.tif'", "after \"only\" and the file, step.key = value is expected"},
         }) {
        auto const config = read(line);
        ASSERT_EQ(config.warnings.size(), 1u) << line;
        EXPECT_EQ(config.warnings[0], std::string("line 1: ") + warning);
        EXPECT_EQ(config.recipe, overlay_recipe()) << line;
    }
}

TEST(ConfigText, AGoodLineAfterABadOneIsTaken) {
    auto const config = read("channel.gain = x\nchannel.gain = .5\nchannel.gain = 2.\n");
    EXPECT_EQ(config.warnings.size(), 3u) << "one value, two repetitions";
    EXPECT_EQ(value_words(config.recipe, "channel", "gain"), "2");
}

TEST(ConfigText, StepsValuesAndOneFilesValuesAreTaken) {
    auto const config = read("despike = False\nbeam_spot.radius_nm = 3e1\ndatabar.fields = 'a\\nb'\n"
                             "only '10K 405.TIF' channel.tint = '#ff0000'\nonly '10K 405.TIF' despike = True\n"
                             "only \"b.tif\" channel.gain = .5\n");
    EXPECT_EQ(config.warnings, Texts{});
    EXPECT_FALSE(find_use(config.recipe, "despike")->enabled);
    EXPECT_EQ(value_words(config.recipe, "beam_spot", "radius_nm"), "30");
    EXPECT_EQ(value_words(config.recipe, "databar", "fields"), "a\nb");
    Recipe const own = recipe_for_file(config.recipe, "10K 405.TIF");
    EXPECT_EQ(value_words(own, "channel", "tint"), "#ff0000");
    EXPECT_TRUE(find_use(own, "despike")->enabled);
    EXPECT_EQ(value_words(recipe_for_file(config.recipe, "b.tif"), "channel", "gain"), "0.5");
}

TEST(ConfigText, IsToldFromOtherTexts) {
    EXPECT_TRUE(looks_like_config_text("# x\nextra_img_ident = 'S'\n"));
    EXPECT_TRUE(looks_like_config_text("input_files=[]"));
    EXPECT_FALSE(looks_like_config_text("micrographia recipe 1\ndespike threshold_sigma=5\n"));
    EXPECT_FALSE(looks_like_config_text("[DatabarData]\nflAccV = 10000\n"));
    EXPECT_FALSE(looks_like_config_text(""));
    EXPECT_FALSE(looks_like_config_text(std::string_view("gamma = 1\0", 10)));
}

TEST(ConfigText, WhatIsWrittenReadsBackToTheSameRecipe) {
    std::vector<Recipe> recipes{overlay_recipe()};
    // Every value of every step away from its default, one recipe for each half of them; switches turned over.
    for (std::size_t half = 0; half < 2; ++half) {
        Recipe recipe = overlay_recipe();
        for (StepUse& use : recipe.steps) {
            use.enabled = use.enabled == (half == 0);
            for (std::size_t i = half; i < use.values.size(); i += 2) {
                Param const& param = use.step->params[i];
                ParamInfo const& info = param.info;
                Value value = use.values[i];
                if (bool* on = std::get_if<bool>(&value)) *on = !*on;
                if (auto* number = std::get_if<std::int64_t>(&value)) {
                    if (param.kind == ParamKind::choice)
                        *number = (*number + 1) % static_cast<std::int64_t>(info.choices.size());
                    else
                        *number += *number < info.maximum ? 1 : -1;
                }
                if (double* number = std::get_if<double>(&value))
                    *number = info.minimum < info.maximum ? info.minimum + (info.maximum - info.minimum) / 3 : 1.25;
                if (std::string* text = std::get_if<std::string>(&value)) *text = "#'\\\"";
                if (Bytes* bytes = std::get_if<Bytes>(&value)) *bytes = {1, 2, 255};
                if (check_value(param, value)) use.values[i] = value;
            }
        }
        recipe.overrides = {{"10K 'a'.TIF", "channel", "tint", std::string("#00ff00")},
                            {"b#.tif", "despike", "", false},
                            {"b#.tif", "channel", "gain", 0.1}};
        recipes.push_back(std::move(recipe));
    }
    for (Recipe const& recipe : recipes) {
        Texts const files{"10K405.TIF", "dummy", "it's \u03BB.tif"};
        std::string const text = write_config_text(recipe, files);
        auto const config = read(text);
        EXPECT_EQ(config.warnings, Texts{}) << text;
        EXPECT_EQ(config.input_files, files);
        EXPECT_TRUE(config.recipe == recipe) << text << to_text(config.recipe) << to_text(recipe);
        EXPECT_TRUE(looks_like_config_text(text));
        EXPECT_TRUE(is_unedited_config_text(text));
        EXPECT_FALSE(is_unedited_config_text(text + " "));
        EXPECT_EQ(write_config_text(config.recipe, config.input_files), text);
    }
    EXPECT_FALSE(is_unedited_config_text(""));
}

TEST(ConfigText, EveryLineThatIsWrittenHasItsComment) {
    std::string const text = write_config_text(overlay_recipe(), {});
    int keys = 0;
    for (std::string_view line : split_lines(text)) {
        if (line.empty() || line.front() == '#') continue;
        EXPECT_NE(line.find("  # "), std::string_view::npos) << line;
        ++keys;
    }
    EXPECT_GE(keys, 5);
}

TEST(ConfigText, ValuesFromACommandLineNeedNoQuotes) {
    Recipe recipe = overlay_recipe();
    EXPECT_TRUE(is_config_key("extra_img_ident"));
    EXPECT_FALSE(is_config_key("channel.gain"));
    ASSERT_TRUE(set_config_value(recipe, "extra_img_ident", "a # b"));
    EXPECT_EQ(value_words(recipe, "channel", "extra_identifier"), "a # b");
    ASSERT_TRUE(set_config_value(recipe, "extra_img_ident", "'q'"));
    EXPECT_EQ(value_words(recipe, "channel", "extra_identifier"), "q");
    EXPECT_FALSE(set_config_value(recipe, "subtract_min_brightness", "perhaps"));
}

TEST(ConfigText, BytesOfAnyKindDoNoHarm) {
    std::string text;
    std::uint32_t state = 7;
    for (int n = 0; n < 300; ++n) {
        text.clear();
        for (int i = 0; i < 200; ++i) {
            state = state * 1664525 + 1013904223;
            char const* const parts[] = {"gamma", "=", "'", "\"", "[", "]", "\n", "#", "\\", "input_files", "only ", " "};
            if (state >> 28 < 12)
                text += parts[state >> 28];
            else
                text += static_cast<char>(state >> 16);
        }
        auto const config = read(text);
        for (std::string const& warning : config.warnings) EXPECT_TRUE(warning.starts_with("line "));
    }
}

} // namespace
} // namespace mg
