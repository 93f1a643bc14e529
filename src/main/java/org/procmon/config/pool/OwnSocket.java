package org.procmon.config.pool;

import java.nio.file.Path;
import org.procmon.bytes.BytePath;

/**
 * The socket that a worker opens itself, in a folder of its own, and the name under which web
 * servers find it.
 *
 * @param address the name and its permissions
 * @param worker its number, from 1
 */
public record OwnSocket(PoolAddress.UnixPath address, int worker) {
    /** In {@code exec}: the path of the socket. */
    public static final String WORD = "$(socket)";

    /** For a worker alone: no other user may enter it. Hidden from those who look for programs. */
    public Path folder() {
        Path public_ = address.path();
        return BytePath.of(
                BytePath.text(parent())
                        + "/."
                        + BytePath.text(public_.getFileName())
                        + "."
                        + worker);
    }

    /** Where clients ask for a worker, beside the name. */
    public static PoolAddress.UnixPath bell(PoolAddress.UnixPath name) {
        OwnSocket first = new OwnSocket(name, 1);
        return new PoolAddress.UnixPath(
                BytePath.of(
                        BytePath.text(first.parent())
                                + "/."
                                + BytePath.text(name.path().getFileName())
                                + ".bell"),
                name.mode());
    }

    /** Where the worker listens. */
    public Path path() {
        return BytePath.of(BytePath.text(folder()) + "/s");
    }

    /** The folder of the name. */
    public Path parent() {
        Path parent = address.path().getParent();
        return parent == null ? BytePath.of("/") : parent;
    }
}
