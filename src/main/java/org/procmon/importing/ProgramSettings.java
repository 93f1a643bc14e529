package org.procmon.importing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a program of supervisord; of each key the last. */
final class ProgramSettings {
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Surroundings surroundings;

    ProgramSettings(Block block, Surroundings surroundings) {
        for (Setting setting : block.settings()) {
            settings.put(setting.key(), setting);
        }
        this.surroundings = surroundings;
    }

    Iterable<Setting> all() {
        return settings.values();
    }

    /** As it is written. */
    @Nullable Setting raw(String key) {
        return settings.get(key);
    }

    /** With what its expressions stand for now; null if the program does not say it. */
    @Nullable Setting of(String key, Map<String, String> names) throws Refusal {
        Setting setting = settings.get(key);
        return setting == null ? null : settled(setting, names, surroundings);
    }

    /** A setting with the values that its variables have now; those that are unset are missed. */
    static Setting settled(Setting setting, Map<String, String> names, Surroundings surroundings)
            throws Refusal {
        String text = Expansion.of(setting, names);
        if (Marks.areIn(text)) {
            String unset = Marks.unset(text, surroundings.environment());
            if (!unset.isEmpty()) {
                throw Refusal.at(
                        setting.spot(),
                        setting.key() + " needs the variable " + unset + ", which is not set here");
            }
            surroundings
                    .notes()
                    .none(setting, "variables have no place in it; their values of now are used");
        }
        String now = Marks.asNow(text, surroundings.environment()).strip();
        return new Setting(setting.spot(), setting.section(), setting.key(), now);
    }

    int whole(String key, Map<String, String> names, int otherwise, int least, int most)
            throws Refusal {
        Setting setting = of(key, names);
        return setting == null ? otherwise : SettingValues.whole(setting, least, most);
    }

    boolean flag(String key, Map<String, String> names, boolean otherwise) throws Refusal {
        Setting setting = of(key, names);
        return setting == null ? otherwise : SettingValues.flag(setting);
    }
}
