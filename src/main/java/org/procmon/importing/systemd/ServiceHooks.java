package org.procmon.importing.systemd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ExecBuilder;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.TimeSpan;

/**
 * The commands that systemd runs around a service, and its limits on time and memory.
 *
 * <p>Source: systemd.service(5), systemd.resource-control(5).
 */
final class ServiceHooks {
    private static final String SECTION = "Service";

    /** systemd's default timeout. */
    private static final String DEFAULT_TIMEOUT = "90s";

    private static final double LEAST_MEMORY = 1 << 20;
    private static final double MOST_MEMORY = 1L << 50;

    private final LoadedUnit unit;
    private final ImportWarnings importWarnings;

    ServiceHooks(LoadedUnit unit, ImportWarnings importWarnings) {
        this.unit = unit;
        this.importWarnings = importWarnings;
    }

    void put(ProcessDraft processDraft, ServiceEnv env) throws ImportAborted {
        Map<String, Object> hooks = new LinkedHashMap<>();
        putHook(hooks, "before_start", "ExecStartPre", "TimeoutStartSec", env);
        putHook(hooks, "after_stop", "ExecStopPost", "TimeoutStopSec", env);
        processDraft.putSome("hooks", hooks);
        // A oneshot is starting for as long as it runs, so its start timeout limits the run.
        boolean oneshot = unit.isOfType("oneshot");
        @Nullable Setting longest =
                unit.last(SECTION, oneshot ? "TimeoutStartSec" : "RuntimeMaxSec");
        if (longest != null && !TimeSpan.isNever(longest)) {
            processDraft.put("max_runtime", TimeSpan.text(TimeSpan.seconds(longest)));
        }
        @Nullable Setting other = unit.last(SECTION, "RuntimeMaxSec");
        if (oneshot && other != null) {
            importWarnings.add(other, "it means nothing for Type=oneshot, to systemd too");
        }
        putMemory(processDraft);
    }

    static boolean reads(String key) {
        return switch (key) {
            case "ExecStartPre", "ExecStopPost", "RuntimeMaxSec", "MemoryMax" -> true;
            default -> false;
        };
    }

    private void putHook(
            Map<String, Object> hooks,
            String key,
            String setting,
            String timeoutKey,
            ServiceEnv env)
            throws ImportAborted {
        List<UnitCommand> commands = new ArrayList<>();
        for (Setting line : unit.all(SECTION, setting)) {
            commands.addAll(UnitCommand.of(line, unit.name(), env, importWarnings));
        }
        if (commands.isEmpty()) {
            return;
        }
        UnitCommand first = commands.getFirst();
        Map<String, Object> hook = new LinkedHashMap<>();
        hook.put(
                "exec",
                commands.size() == 1 && !first.mayFail()
                        ? ExecBuilder.bareExec(first.words(), env.removed())
                        : ExecBuilder.bareScript(UnitCommand.inTurn(commands), env.removed()));
        @Nullable Setting own = unit.last(SECTION, timeoutKey);
        @Nullable Setting limit = own == null ? unit.last(SECTION, "TimeoutSec") : own;
        hook.put("timeout", limit == null ? DEFAULT_TIMEOUT : TimeSpan.timeout(limit));
        hooks.put(key, hook);
    }

    /** systemd's units are powers of 1024. */
    private void putMemory(ProcessDraft processDraft) {
        @Nullable Setting setting = unit.last(SECTION, "MemoryMax");
        if (setting == null || setting.value().equals("infinity")) {
            return;
        }
        String value = setting.value();
        int end = value.length() - 1;
        int power = " KMGT".indexOf(value.charAt(end));
        String prefix = power < 0 ? "" : value.substring(end);
        String digits = value.substring(0, value.length() - prefix.length());
        double bytes =
                SettingValues.isDigits(digits)
                        ? Double.parseDouble(digits) * Math.pow(1024, Math.max(power, 0))
                        : 0;
        if (bytes < LEAST_MEMORY || bytes > MOST_MEMORY) {
            importWarnings.none(setting, "the key 'memory_max' is a size from 1MiB to 1024TiB");
            return;
        }
        processDraft.put("memory_max", digits + prefix + (prefix.isEmpty() ? "B" : "iB"));
        importWarnings.add(
                setting, "it is 'memory_max' now, which looks at resident memory now and then");
    }
}
