package org.procmon.pair;

import java.util.Map;
import org.procmon.config.ConfigBundle;
import org.procmon.config.MonitorSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;

/**
 * Numbers of instances and workers that a command has set, carried over when the files are read
 * again: each holds until the file gives its entry another number than before. Any thread.
 */
final class InstanceOverrides {
    private InstanceOverrides() {}

    /**
     * The same files with the numbers that still hold; invalid if they exceed a limit of the files.
     *
     * @param accepted the configuration followed so far
     */
    static SpecResult over(
            ConfigBundle accepted, SpecResult.Valid files, MonitorContext monitorContext) {
        Map<String, Integer> asked = accepted.scale();
        if (asked.isEmpty()
                || !(read(accepted.unscaled(), monitorContext)
                        instanceof SpecResult.Valid before)) {
            return files;
        }
        ConfigBundle next = files.bundle();
        for (Map.Entry<String, Integer> one : asked.entrySet()) {
            String name = one.getKey();
            boolean holds =
                    files.spec().scalable().contains(name)
                            && before.spec().scalable().contains(name)
                            && count(files.spec(), name).equals(count(before.spec(), name));
            if (holds) {
                next = next.scaled(name, one.getValue());
            }
        }
        return next.scale().isEmpty() ? files : read(next, monitorContext);
    }

    private static SpecResult read(ConfigBundle configBundle, MonitorContext monitorContext) {
        return SpecReader.read(configBundle, monitorContext.file(), monitorContext.environment());
    }

    /** Of what a configuration has how many. */
    private record Count(boolean isPool, long number) {}

    private static Count count(MonitorSpec spec, String name) {
        for (PoolSpec pool : spec.pools()) {
            if (pool.id().equals(name)) {
                return new Count(true, pool.workers().max());
            }
        }
        return new Count(
                false,
                spec.processes().stream()
                        .flatMap(process -> process.instance().stream())
                        .filter(instance -> instance.group().equals(name))
                        .count());
    }
}
