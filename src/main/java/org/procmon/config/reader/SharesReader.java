package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.WorkerShare;

/** Reads {@code shares}, and checks that pools name these and fit into them. */
final class SharesReader {
    private static final String KEY = "shares";

    private final Problems problems;
    private final Map<String, WorkerShare> shares = new HashMap<>();
    private final Map<String, Integer> needed = new HashMap<>();

    SharesReader(Problems problems) {
        this.problems = problems;
    }

    void read(ObjectReader top) {
        JsonValue.Members object = top.object(KEY);
        if (object == null) {
            return;
        }
        List<String> names = new ArrayList<>(object.members().keySet());
        ObjectReader reader = new ObjectReader(object, new Keys(names, List.of()), problems);
        for (String name : names) {
            if (name.isEmpty()) {
                problems.add(reader.offset(name), "a share has an empty name");
            }
            int most = reader.count(name, 1, WorkerShare.MOST, WorkerShare.MOST);
            shares.put(name, new WorkerShare(name, most));
        }
    }

    /** The share of a pool; empty if it has none, or one that is not there, which is reported. */
    Optional<WorkerShare> of(PoolEntry entry, PoolSpec scaled) {
        if (entry.share().isEmpty()) {
            return Optional.empty();
        }
        JsonValue.Text name = entry.share().get();
        WorkerShare share = shares.get(name.value());
        if (share == null) {
            Keys known = new Keys(shares.keySet().stream().sorted().toList(), List.of());
            problems.add(name.offset(), () -> known.complaint("share", name.value()));
            return Optional.empty();
        }
        int least = needed.merge(share.name(), scaled.workers().min(), Integer::sum);
        if (least > share.most() && least - scaled.workers().min() <= share.most()) {
            problems.add(
                    name.offset(),
                    "the pools of the share '"
                            + Problems.shown(share.name())
                            + "' have at least "
                            + least
                            + " workers, but 'shares' allows "
                            + share.most());
        }
        return Optional.of(share);
    }
}
