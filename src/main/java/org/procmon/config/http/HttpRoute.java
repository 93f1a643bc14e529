package org.procmon.config.http;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.pool.PoolAddress;

/**
 * One entry of {@code routes}: which requests go where.
 *
 * @param host a host, or a pattern with asterisks; empty for all
 * @param path the prefix of the paths, from a slash on
 * @param match a pattern of the names of scripts, such as {@code *.php}; empty for all
 * @param strip whether the application sees paths without the prefix
 * @param target where they go
 * @param auth whether a client has to log in
 * @param authorizer the pool that has to permit each request; empty for none
 * @param requests how many requests an application gets at a time; empty for no limit
 * @param internal whether only applications may redirect to it, by {@code X-Accel-Redirect}
 */
public record HttpRoute(
        Optional<String> host,
        String path,
        Optional<String> match,
        boolean strip,
        Target target,
        boolean auth,
        Optional<String> authorizer,
        OptionalInt requests,
        boolean internal) {
    /** Where requests go. */
    public sealed interface Target {
        /** To the queries of the monitor. */
        record Control() implements Target {}

        /**
         * To a pool of this configuration.
         *
         * @param id its name
         * @param root the document root, with the scripts that {@code match} names
         */
        record Pool(String id, Balance balance, Optional<Path> root) implements Target {}

        /**
         * To FastCGI applications that run elsewhere.
         *
         * @param members where they listen
         * @param root the document root, as they see it
         */
        record Members(List<PoolAddress> members, Balance balance, Optional<Path> root)
                implements Target {
            public Members {
                members = List.copyOf(members);
            }
        }

        /**
         * To the programs of a drop-in folder.
         *
         * @param directory absolute
         */
        record DropIns(Path directory) implements Target {}

        /**
         * To files.
         *
         * @param directory absolute
         * @param index the names of the files that stand for a folder
         * @param listing whether a folder without such a file is listed
         * @param hidden whether names that begin with a dot are served
         */
        record Files(Path directory, List<String> index, boolean listing, boolean hidden)
                implements Target {
            public Files {
                index = List.copyOf(index);
            }
        }
    }

    /** How one of several workers with sockets of their own is chosen. */
    public enum Balance {
        LEAST_CONNECTION,
        ROUND_ROBIN,
        HASH,
        STICKY;

        /** The word of the configuration. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}
