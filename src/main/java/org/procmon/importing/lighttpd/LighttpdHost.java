package org.procmon.importing.lighttpd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.SourceLocation;

/**
 * The options of a host in {@code fastcgi.server}; if one is given twice, the last.
 *
 * @param extension for which requests it is
 * @param label its name in the file; empty for none
 */
record LighttpdHost(
        SourceLocation spot,
        String extension,
        String label,
        Map<String, LighttpdValue.Item> options) {

    static LighttpdHost of(String extension, LighttpdValue.Item item) throws ImportAborted {
        if (!(item.value() instanceof LighttpdValue.Items items)) {
            throw complaint(item, item.value(), "fastcgi.server of '" + extension + "'");
        }
        Map<String, LighttpdValue.Item> options = new LinkedHashMap<>();
        for (LighttpdValue.Item option : items.items()) {
            if (option.key().isEmpty()) {
                throw ImportAborted.at(
                        option.spot(), "an option of a host is written \"NAME\" => VALUE");
            }
            options.put(option.key(), option);
        }
        return new LighttpdHost(item.spot(), extension, item.key(), options);
    }

    private static ImportAborted complaint(
            LighttpdValue.Item item, LighttpdValue value, String what) {
        return ImportAborted.at(
                item.spot(),
                value instanceof LighttpdValue.Unset unset
                        ? "the variable '" + unset.name() + "' is not set"
                        : what + " must be ( \"EXTENSION\" => (( \"OPTION\" => VALUE, ... )) )");
    }

    /** Whether lighttpd starts it. */
    boolean isStarted() {
        return options.containsKey("bin-path");
    }

    boolean has(String key) {
        return options.containsKey(key);
    }

    /** An option as a setting, for values and warnings; null if it is absent. */
    @Nullable Setting setting(String key) throws ImportAborted {
        LighttpdValue.Item item = options.get(key);
        if (item == null) {
            return null;
        }
        String value =
                switch (item.value()) {
                    case LighttpdValue.Text text -> text.value();
                    case LighttpdValue.Whole number -> Integer.toString(number.value());
                    case LighttpdValue.Unset unset ->
                            throw ImportAborted.at(
                                    item.spot(), "the variable '" + unset.name() + "' is not set");
                    case LighttpdValue.Items _ ->
                            throw ImportAborted.at(
                                    item.spot(), key + " must be a string or a number");
                };
        return new Setting(item.spot(), extension, key, value);
    }

    int whole(String key, int least, int most, int otherwise) throws ImportAborted {
        Setting setting = setting(key);
        return setting == null ? otherwise : SettingValues.whole(setting, least, most);
    }

    /** The elements of an option that is an array, each as a setting with its own key. */
    List<Setting> all(String key) throws ImportAborted {
        LighttpdValue.Item item = options.get(key);
        List<Setting> all = new ArrayList<>();
        if (item == null) {
            return all;
        }
        if (!(item.value() instanceof LighttpdValue.Items items)) {
            throw ImportAborted.at(item.spot(), key + " must be an array");
        }
        for (LighttpdValue.Item element : items.items()) {
            LighttpdHost one = new LighttpdHost(spot, extension, "", Map.of(key, element));
            Setting setting = one.setting(key);
            if (setting != null) {
                all.add(new Setting(element.spot(), extension, element.key(), setting.value()));
            }
        }
        return all;
    }

    /** Warns of an option, at its place. */
    void warn(ImportWarnings importWarnings, String key, String why) {
        LighttpdValue.Item item = options.get(key);
        if (item != null) {
            importWarnings.none(new Setting(item.spot(), extension, key, ""), why);
        }
    }
}
