package org.procmon.importing.phpfpm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;

/**
 * The priority and the resource limits of processes, of php-fpm or of a pool.
 *
 * @param files the most open files
 * @param core the size of a core file: a number of bytes or a word
 */
record FpmLimits(OptionalInt nice, OptionalInt files, Optional<String> core) {
    static final FpmLimits NONE =
            new FpmLimits(OptionalInt.empty(), OptionalInt.empty(), Optional.empty());

    private static final int LOWEST_PRIORITY = 19;
    private static final int MOST = 999_999_999;
    private static final String UNLIMITED = "unlimited";

    /** Those of a section, and others where it says nothing. */
    static FpmLimits of(FpmSettings settings, FpmLimits otherwise) throws ImportAborted {
        Setting core = settings.take("rlimit_core");
        return new FpmLimits(
                number(
                        settings.take("process.priority"),
                        -LOWEST_PRIORITY - 1,
                        LOWEST_PRIORITY,
                        otherwise.nice),
                number(settings.take("rlimit_files"), 0, MOST, otherwise.files),
                core == null ? otherwise.core : Optional.of(core(core)));
    }

    private static OptionalInt number(
            @Nullable Setting setting, int least, int most, OptionalInt otherwise)
            throws ImportAborted {
        return setting == null
                ? otherwise
                : OptionalInt.of(SettingValues.whole(setting, least, most));
    }

    private static String core(Setting setting) throws ImportAborted {
        if (setting.value().equals(UNLIMITED)) {
            return UNLIMITED;
        }
        return Integer.toString(SettingValues.whole(setting, 0, MOST));
    }

    void put(ProcessDraft draft) {
        nice.ifPresent(number -> draft.put("nice", number));
        Map<String, Object> limits = new LinkedHashMap<>();
        files.ifPresent(number -> limits.put("nofile", number));
        core.ifPresent(
                size -> limits.put("core", size.equals(UNLIMITED) ? size : Integer.valueOf(size)));
        draft.putSome("limits", limits);
    }
}
