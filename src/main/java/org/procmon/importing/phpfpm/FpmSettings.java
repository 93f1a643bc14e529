package org.procmon.importing.phpfpm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.TimeSpan;

/**
 * The settings of a section; if a key is given twice, the last. Each is taken once; what is left
 * has no equivalent.
 */
final class FpmSettings {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}");
    private static final Pattern TIME = Pattern.compile("(\\d{1,8})([smhd]?)");
    private static final int MOST = 999_999_999;

    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final String pool;
    private final ImportContext importContext;

    FpmSettings(FileSection section, ImportContext importContext) {
        for (Setting setting : section.settings()) {
            settings.put(setting.key(), setting);
        }
        this.pool = section.name();
        this.importContext = importContext;
    }

    /** Takes a setting, with its value as php-fpm understands it; null if it is absent or empty. */
    @Nullable Setting take(String key) {
        Setting setting = settings.remove(key);
        Setting read = setting == null ? null : unquoted(setting);
        return read == null || read.value().isEmpty() ? null : read;
    }

    /** Takes the settings {@code NAME[KEY]}, as they are written. */
    List<Setting> takeAll(String name) {
        List<Setting> found = new ArrayList<>();
        for (Setting setting : List.copyOf(settings.values())) {
            if (setting.key().startsWith(name + "[") && setting.key().endsWith("]")) {
                settings.remove(setting.key());
                found.add(setting);
            }
        }
        return found;
    }

    /** The part of a key between its brackets. */
    static String inner(Setting setting) {
        String key = setting.key();
        return key.substring(key.indexOf('[') + 1, key.length() - 1).strip();
    }

    /** Those that nobody has taken. */
    Iterable<Setting> rest() {
        return settings.values();
    }

    /** A setting with its value without quotes and variables. */
    Setting unquoted(Setting setting) {
        String written = setting.value();
        String text = FpmValue.text(written).replace("$pool", pool);
        Matcher variables = VARIABLE.matcher(text);
        if (FpmValue.expands(written) && variables.find()) {
            importContext
                    .notes()
                    .add(
                            setting,
                            "the value that ${" + variables.group(1) + "} has now is written");
            text =
                    variables.replaceAll(variable ->
                            Matcher.quoteReplacement(
                                    importContext
                                            .environment()
                                            .getOrDefault(variable.group(1), "")));
        }
        return new Setting(setting.spot(), setting.section(), setting.key(), text);
    }

    int whole(String key, int least, int otherwise) throws ImportAborted {
        return whole(key, least, MOST, otherwise);
    }

    int whole(String key, int least, int most, int otherwise) throws ImportAborted {
        Setting setting = take(key);
        return setting == null ? otherwise : SettingValues.whole(setting, least, most);
    }

    boolean flag(String key, boolean otherwise) throws ImportAborted {
        Setting setting = take(key);
        return setting == null ? otherwise : SettingValues.flag(setting);
    }

    /** The seconds of a time such as {@code 10}, {@code 10s}, {@code 2m}. */
    static int seconds(Setting setting) throws ImportAborted {
        Matcher time = TIME.matcher(setting.value());
        if (time.matches()) {
            long unit =
                    switch (time.group(2)) {
                        case "m" -> 60;
                        case "h" -> 3_600;
                        case "d" -> 86_400;
                        default -> 1;
                    };
            long seconds = Long.parseLong(time.group(1)) * unit;
            if (seconds <= TimeSpan.LONGEST_SECONDS) {
                return (int) seconds;
            }
        }
        throw SettingValues.bad(setting, "a time such as 30s, 5m or 1h");
    }
}
