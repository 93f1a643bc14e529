import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A supervisor that runs, with its children and the folder it was configured in. */
record Supervision(Peer peer, Path folder, Running running) implements AutoCloseable {
    /** What the benchmarks' children are called by the kernel. */
    private static final Set<String> CHILDREN = Set.of("sleep", "child");

    static Supervision start(Peer peer, Map<String, String> children) throws IOException {
        return start(peer, children, "");
    }

    /**
     * @param keys what is added to each child's configuration, in the peer's own language
     */
    static Supervision start(Peer peer, Map<String, String> children, String keys)
            throws IOException {
        Bench.progress(peer.title() + " with " + children.size() + " children");
        Path folder = Bench.newFolder("p");
        return new Supervision(
                peer,
                folder,
                Running.start(folder, peer.stopSignal, peer.configure(folder, children, keys)));
    }

    /**
     * The processes that supervise: the whole tree without the children, which are known by their
     * names.
     */
    List<Long> supervisors() {
        return running.tree().stream().filter(pid -> !CHILDREN.contains(Proc.name(pid))).toList();
    }

    @Override
    public void close() {
        running.close();
    }
}
