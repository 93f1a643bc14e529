package org.procmon.config.reader;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether a file that is followed fits to all before it: its names and addresses are free. */
final class FollowedFit {
    private final Set<String> names = new HashSet<>();
    private final Set<String> poolNames = new HashSet<>();
    private final AddressCheck addresses = new AddressCheck();

    /**
     * Adds what a file has.
     *
     * @param problems get what does not fit
     */
    void add(List<ProcessEntry> entries, List<PoolEntry> pools, Problems problems) {
        Instances instances = new Instances(entries, Map.of());
        NameCheck.check(entries, instances, pools, problems);
        Set<String> own = new HashSet<>();
        instances.expanded().forEach(process -> add(process, own, problems));
        entries.forEach(process -> add(process, own, problems));
        pools.forEach(pool -> add(pool.process(), own, problems));
        for (PoolEntry pool : pools) {
            if (pool.hasAddress() && problems.isEmpty()) {
                addresses.add(pool, pool.spec(), problems);
            }
        }
        if (problems.isEmpty()) {
            names.addAll(own);
            pools.forEach(pool -> poolNames.add(pool.spec().id()));
        }
    }

    private void add(ProcessEntry process, Set<String> own, Problems problems) {
        String id = process.spec().id();
        boolean isOfPool = NameCheck.poolOf(id).filter(poolNames::contains).isPresent();
        if (process.isNamed() && (names.contains(id) || isOfPool)) {
            problems.add(
                    process.idOffset(),
                    "another process has the name '" + Problems.shown(id) + "'");
        }
        own.add(id);
    }
}
