package org.procmon.config.pool;

import java.nio.file.Path;
import org.procmon.bytes.BytePath;

/**
 * Where web servers connect to a pool. If each worker has a socket of its own, this is the template
 * of their addresses, and {@link #of} gives the address of one.
 */
public sealed interface PoolAddress {
    /** In the text of a template: the number of the worker, from 1. */
    String WORKER = "$(worker)";

    /** In the text of a template: the number of the worker, from 0. */
    String WORKER_FROM_0 = "$(worker0)";

    /**
     * What a template gives for one worker.
     *
     * @param worker its number, from 1
     */
    PoolAddress of(int worker);

    /**
     * A Unix socket with a path.
     *
     * @param path absolute
     * @param mode its permissions
     */
    record UnixPath(Path path, int mode) implements PoolAddress {
        @Override
        public UnixPath of(int worker) {
            String template = BytePath.text(path);
            String text = filled(template, worker);
            return text.equals(template) ? this : new UnixPath(BytePath.of(text), mode);
        }
    }

    /**
     * A Unix socket in the abstract namespace.
     *
     * @param name without the leading zero byte
     */
    record AbstractName(String name) implements PoolAddress {
        @Override
        public AbstractName of(int worker) {
            return new AbstractName(filled(name, worker));
        }
    }

    /**
     * A TCP port.
     *
     * @param host a name or an address; "" for all addresses
     * @param port from 1 to 65535; in a template that of worker 1, and the others have those after
     *     it
     */
    record TcpPort(String host, int port) implements PoolAddress {
        public static final int LAST = 65_535;

        @Override
        public TcpPort of(int worker) {
            return new TcpPort(host, port + worker - 1);
        }
    }

    /**
     * A socket that systemd has opened; source: sd_listen_fds(3).
     *
     * @param name the value of {@code FileDescriptorName}
     */
    record FromSystemd(String name) implements PoolAddress {
        @Override
        public FromSystemd of(int worker) {
            return new FromSystemd(filled(name, worker));
        }
    }

    private static String filled(String template, int worker) {
        return template.replace(WORKER, Integer.toString(worker))
                .replace(WORKER_FROM_0, Integer.toString(worker - 1));
    }
}
