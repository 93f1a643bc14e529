package org.procmon.config.reader;

import java.util.List;
import org.procmon.bytes.BytePath;
import org.procmon.bytes.ByteText;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.OwnSocket;
import org.procmon.config.pool.PoolAddress;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.RetirePolicy;
import org.procmon.config.pool.SocketSharing;

/**
 * Checks a pool whose workers open their sockets themselves. The monitor sees neither which clients
 * wait there nor who is served.
 */
final class OwnSocketReader {
    private static final String PASS = "\"pass\": \"argument\"";

    /** Keys that need a socket of the monitor. */
    private static final List<String> UNFIT =
            List.of("backlog", "queue", "request", "idle_timeout", "when_stopped");

    /** The same if clients ask the monitor for a worker. */
    private static final List<String> UNFIT_ON_DEMAND = List.of("backlog", "request");

    /** The kernel's limit; source: unix(7). */
    private static final int LONGEST = 107;

    private final Problems problems;

    OwnSocketReader(Problems problems) {
        this.problems = problems;
    }

    /** Only a signal stops such a worker without losing a request. */
    RetirePolicy retire(ObjectReader pool, RetirePolicy given) {
        if (given.method() == RetirePolicy.Method.FREEZE) {
            problems.add(
                    pool.offset("retire"),
                    "'retire' cannot be \"freeze\" with "
                            + PASS
                            + ": the monitor does not see"
                            + " which workers are busy");
        }
        return new RetirePolicy(RetirePolicy.Method.SIGNAL, given.patience());
    }

    void check(ObjectReader pool, PoolSpec spec) {
        if (pool.has("listen") && !(spec.listen().address() instanceof PoolAddress.UnixPath)) {
            problems.add(
                    pool.offset("listen"), PASS + " needs the path of a Unix socket in 'listen'");
            return;
        }
        if (spec.mode() == PoolMode.DYNAMIC) {
            problems.add(
                    pool.offset("mode"),
                    PASS
                            + " needs \"mode\": \"static\" or \"ondemand\": the monitor does not see"
                            + " clients that wait");
        }
        if (spec.mode() == PoolMode.ON_DEMAND && spec.workers().max() > 1) {
            problems.add(
                    pool.offset(pool.has("workers") ? "workers" : "pass"),
                    PASS + " with \"mode\": \"ondemand\" has one worker");
        }
        if (spec.mode() != PoolMode.ON_DEMAND
                && spec.sharing() == SocketSharing.SHARED
                && spec.workers().max() > 1) {
            problems.add(
                    pool.offset("pass"),
                    PASS
                            + " with more than one worker needs \"socket\": \"per-worker\", and"
                            + " $(worker) in 'listen'");
        }
        for (String key : spec.mode() == PoolMode.ON_DEMAND ? UNFIT_ON_DEMAND : UNFIT) {
            if (pool.has(key)) {
                problems.add(
                        pool.offset(key),
                        "'" + key + "' needs a socket of the monitor, so not " + PASS);
            }
        }
        checkLength(pool, spec);
    }

    private void checkLength(ObjectReader pool, PoolSpec spec) {
        int last = spec.workers().max() + 1;
        if (spec.address(last) instanceof PoolAddress.UnixPath path) {
            String own =
                    BytePath.text(
                            spec.bell()
                                    .map(PoolAddress.UnixPath::path)
                                    .orElseGet(() -> new OwnSocket(path, last).path()));
            int bytes = ByteText.encode(own).length;
            if (bytes > LONGEST) {
                problems.add(
                        pool.offset("listen"),
                        "a worker would open "
                                + Problems.shown(own)
                                + ", which has %d bytes, and the kernel takes %d"
                                        .formatted(bytes, LONGEST));
            }
        }
    }
}
