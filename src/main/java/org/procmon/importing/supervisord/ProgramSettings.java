package org.procmon.importing.supervisord;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.EnvPlaceholders;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;

/** The settings of a supervisord program; if a key is given twice, the last. */
final class ProgramSettings {
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final ImportContext importContext;

    ProgramSettings(FileSection fileSection, ImportContext importContext) {
        for (Setting setting : fileSection.settings()) {
            settings.put(setting.key(), setting);
        }
        this.importContext = importContext;
    }

    Iterable<Setting> all() {
        return settings.values();
    }

    /** The setting as written. */
    @Nullable Setting raw(String key) {
        return settings.get(key);
    }

    /** The setting with its expressions replaced; null if the program does not have it. */
    @Nullable Setting of(String key, Map<String, String> names) throws ImportAborted {
        Setting setting = settings.get(key);
        return setting == null ? null : settled(setting, names, importContext);
    }

    /** A setting with the current values of its variables; warns about unset ones. */
    static Setting settled(Setting setting, Map<String, String> names, ImportContext importContext)
            throws ImportAborted {
        String text = Expansion.of(setting, names);
        if (EnvPlaceholders.areIn(text)) {
            String unset = EnvPlaceholders.unset(text, importContext.environment());
            if (!unset.isEmpty()) {
                throw ImportAborted.at(
                        setting.spot(),
                        setting.key() + " needs the variable " + unset + ", which is not set here");
            }
            importContext
                    .notes()
                    .none(setting, "variables have no place in it; their values of now are used");
        }
        String now = EnvPlaceholders.asNow(text, importContext.environment()).strip();
        return new Setting(setting.spot(), setting.section(), setting.key(), now);
    }

    int whole(String key, Map<String, String> names, int otherwise, int least, int most)
            throws ImportAborted {
        Setting setting = of(key, names);
        return setting == null ? otherwise : SettingValues.whole(setting, least, most);
    }

    boolean flag(String key, Map<String, String> names, boolean otherwise) throws ImportAborted {
        Setting setting = of(key, names);
        return setting == null ? otherwise : SettingValues.flag(setting);
    }
}
