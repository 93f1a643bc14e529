package org.procmon.pool.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.TestListeners;

/** A listener that another one has replaced, and clients that still come to it. */
class OldListenersTest {
    @TempDir Path folder = Path.of("");

    private final List<Descriptor> clients = new ArrayList<>();

    /** What the next monitor would know, and whether clients reached it by then. */
    private final List<String> kept = new ArrayList<>();

    private Listeners listeners = with(Map.of());

    private Listeners with(Map<String, Descriptor> passedOn) {
        return new Listeners(
                passedOn,
                new Listeners.Keeper() {
                    @Override
                    public void opened(OpenListener listener) {
                        boolean isBeside = Files.exists(folder.resolve("s.2"));
                        kept.add(listener.boundName() + (isBeside ? " not reached" : " reached"));
                    }

                    @Override
                    public void closed(String name) {}
                });
    }

    @AfterEach
    void closeAll() {
        listeners.closeAll();
        clients.forEach(Descriptor::close);
    }

    private Path path() {
        return folder.resolve("s");
    }

    private PoolSpec pool() {
        return PoolBuilder.pool("app").at(new PoolAddress.UnixPath(path(), 0600)).build();
    }

    /** The old one. */
    private OpenListener replaced() {
        listeners.follow(List.of(pool()));
        OpenListener old = listeners.of(pool(), 1).orElseThrow();
        clients.add(TestListeners.client(path()));
        assertThat(listeners.openNext(pool())).isTrue();
        assertThat(listeners.promoteNext(pool())).isEmpty();
        return old;
    }

    @Test
    void connectionsOfAnOldListenerBelongToItsPool() {
        OpenListener old = replaced();
        assertThat(listeners.withLeaving(pool()))
                .containsExactly(listeners.of(pool(), 1).orElseThrow(), old);
    }

    @Test
    void theNextMonitorLearnsOfANewListenerBeforeClientsReachIt() {
        var _ = replaced();
        assertThat(kept).containsExactly(path() + " reached", path() + ".2 not reached");
    }

    @Test
    void theNextMonitorLetsClientsReachAListenerThatItLearnedOf() {
        Descriptor next = TestListeners.at(folder.resolve("s.2"));
        listeners = with(Map.of(path().toString(), next));

        listeners.follow(List.of(pool()));

        assertThat(folder.resolve("s.2")).doesNotExist();
        clients.add(TestListeners.client(path()));
        clients.add(TestListeners.accept(next));
    }

    @Test
    void theNextMonitorRemovesTheFileOfAListenerThatNobodyHas() {
        Descriptor present = TestListeners.at(path());
        TestListeners.at(folder.resolve("s.2")).close();
        listeners = with(Map.of(path().toString(), present));

        listeners.follow(List.of(pool()));

        assertThat(folder.resolve("s.2")).doesNotExist();
        clients.add(TestListeners.client(path()));
        clients.add(TestListeners.accept(present));
    }

    @Test
    void anOldListenerIsSealedWhenItsLastClientIsAccepted() {
        OpenListener old = replaced();
        assertThat(listeners.seal(old.inode())).isEqualTo(Sealing.HAS_CLIENTS);
        assertThat(listeners.isSealed(old)).isFalse();

        clients.add(TestListeners.accept(old.socket()));

        assertThat(listeners.seal(old.inode())).isEqualTo(Sealing.SEALED);
        assertThat(listeners.isSealed(old)).isTrue();
        assertThat(listeners.seal(old.inode())).as("it is so").isEqualTo(Sealing.SEALED);
        listeners.closeLeft(pool(), Set.of());
        assertThat(listeners.leaving(pool())).isEmpty();
    }

    @Test
    void onlyAnOldListenerIsSealed() {
        listeners.follow(List.of(pool()));
        long inode = listeners.of(pool(), 1).orElseThrow().inode();
        assertThat(listeners.seal(inode)).isEqualTo(Sealing.IMPOSSIBLE);
    }

    @Test
    void anOldListenerOfTheMonitorBeforeIsSealedByItsFile() throws IOException {
        listeners.follow(List.of(pool()));
        Path other = Files.createDirectory(folder.resolve("other"));
        Descriptor old = TestListeners.at(other.resolve("s"));
        Files.delete(other.resolve("s"));

        assertThat(listeners.adoptLeaving(pool(), old)).isFalse();

        assertThat(listeners.seal(TestListeners.inode(old)))
                .isEqualTo(CurrentProcess.uid() == 0 ? Sealing.SEALED : Sealing.IMPOSSIBLE);
    }

    @Test
    void theFileOfAListenerThatNoClientWillReachIsRemoved() {
        listeners.follow(List.of(pool()));
        assertThat(listeners.adoptLeaving(pool(), TestListeners.at(folder.resolve("s.2"))))
                .as("clients had not reached it")
                .isTrue();
        assertThat(folder.resolve("s.2")).doesNotExist();
        clients.add(TestListeners.client(path()));
    }
}
