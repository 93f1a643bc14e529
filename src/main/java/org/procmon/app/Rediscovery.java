package org.procmon.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.procmon.control.protocol.SocketLocation;
import org.procmon.launch.Sighting;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Tally;
import org.procmon.lifecycle.Ticks;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.ProcessSpec;
import org.procmon.supervise.Kept;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the runs that are there although their records do not say so: a disk was full, or a file
 * was spoiled. Without that, each of them would be started a second time.
 */
final class Rediscovery {
    private static final Logger LOG = LoggerFactory.getLogger("procmon");

    private final Site site;
    private final Ticks now;
    private final List<Kept> found = new ArrayList<>();

    Rediscovery(Site site, Ticks now) {
        this.site = site;
        this.now = now;
    }

    /** The records, as they should be. */
    List<Kept> of(MonitorSpec spec, List<Kept> past) {
        Map<String, Kept> all = new LinkedHashMap<>();
        past.forEach(kept -> all.put(kept.name(), kept));
        Set<String> names =
                spec.processes().stream().map(ProcessSpec::id).collect(Collectors.toSet());
        String state = site.childEnvironment().getOrDefault(SocketLocation.VARIABLE, "");
        Map<String, Sighting> seen = Sighting.of(names, state);
        for (ProcessSpec process : spec.processes()) {
            Sighting sighting = seen.get(process.id());
            Optional<Kept> before = Optional.ofNullable(all.get(process.id()));
            if (sighting != null && before.filter(kept -> isKnown(kept, sighting)).isEmpty()) {
                all.put(process.id(), running(process, before, sighting));
            }
        }
        return List.copyOf(all.values());
    }

    /** Those that were found. */
    List<Kept> found() {
        return List.copyOf(found);
    }

    /** What is left of a run that has ended has its number; it is no run of its own. */
    private static boolean isKnown(Kept kept, Sighting sighting) {
        long last = Math.max(kept.process().tally().runs(), kept.intended().orElse(0));
        return sighting.number() <= last;
    }

    private Kept running(ProcessSpec spec, Optional<Kept> before, Sighting sighting) {
        Tally old = before.map(kept -> kept.process().tally()).orElse(Tally.NONE);
        Run run = new Run(sighting.pid(), sighting.born(), sighting.number(), now);
        Tally tally =
                new Tally(
                        sighting.number(),
                        sighting.pid(),
                        old.lastExit(),
                        Optional.empty(),
                        old.streak(),
                        old.restarts(),
                        old.diary());
        Kept kept =
                new Kept(
                        spec.id(),
                        spec.exec(),
                        spec.stop(),
                        new Supervised(Goal.UP, new ProcessState.Running(run), tally),
                        OptionalLong.empty());
        found.add(kept);
        LOG.warn(
                "{}: run {} is there, pid {}, which no record tells",
                spec.id(),
                sighting.number(),
                sighting.pid());
        return kept;
    }
}
