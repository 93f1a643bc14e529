package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.procmon.system.pool.PoolStage.patiently;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.fastcgi.wire.FastCgiException;

/** What one worker does to the others. */
@Timeout(120)
class SiblingsIT {
    @Test
    void aWorkerThatKillsItsProcessGroupHarmsNoOther(@TempDir Path folder) throws Exception {
        try (PoolStage stage = new PoolStage(folder)) {
            Path program = PeerPrograms.application();
            Path socket = stage.file("s");
            PeerProcess monitor =
                    stage.monitor(
                            "{'id': 'app', 'exec': ['%s'], 'listen': '%s',"
                                            .formatted(program, socket)
                                    + " 'mode': 'static', 'workers': 4}");
            patiently().until(() -> stage.workers("app").size() == 4);
            List<Integer> before = stage.workers("app");
            try (PoolClient client = PoolClient.ofPath(socket)) {
                // Each can serve, so each is in its own process group by now.
                patiently().until(() -> ParallelLoad.of(8, 10, client::get).workers().size() == 4);
                assertThatThrownBy(() -> client.get("kill")).isInstanceOf(FastCgiException.class);
                patiently()
                        .until(() ->
                                stage.workers("app").size() == 4
                                        && !before.containsAll(stage.workers("app")));
                List<Integer> kept = new ArrayList<>(stage.workers("app"));
                kept.retainAll(before);
                assertThat(kept).hasSize(3);
                assertThat(ParallelLoad.of(8, 10, client::get).failures()).isEmpty();
            }
            monitor.mustLive();
        }
    }
}
