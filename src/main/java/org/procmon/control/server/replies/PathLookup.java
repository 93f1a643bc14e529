package org.procmon.control.server.replies;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.procmon.bytes.BytePath;
import org.procmon.config.FollowedFolder;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.status.PoolView;

/** Finds the pool that a path belongs to. Looks into no file system. Any thread. */
public final class PathLookup {
    private PathLookup() {}

    /** The pool whose program, socket or folder it is, in this order. */
    public static Optional<PoolView> poolOf(String path, List<PoolView> pools) {
        return first(pools, pool -> pool.template().exec().argv().contains(path))
                .or(() -> first(pools, pool -> isSocket(pool, path)))
                .or(() -> first(pools, pool -> isFolder(pool, path)));
    }

    private static Optional<PoolView> first(List<PoolView> pools, Predicate<PoolSpec> wanted) {
        return pools.stream().filter(view -> wanted.test(view.spec())).findFirst();
    }

    private static boolean isSocket(PoolSpec pool, String path) {
        for (int worker = 1; worker <= pool.workers().max(); worker++) {
            PoolAddress address = pool.address(worker);
            if (address instanceof PoolAddress.UnixPath unix
                    && BytePath.text(unix.path()).equals(path)) {
                return true;
            }
            if (address.equals(pool.listen().address())) {
                return false;
            }
        }
        return false;
    }

    private static boolean isFolder(PoolSpec pool, String path) {
        return pool.template()
                .cwd()
                .filter(folder -> BytePath.text(folder).equals(path))
                .isPresent();
    }

    /** Why no pool has a path, as far as the configuration says it. */
    public static String noPool(String path, List<FollowedFolder> followed) {
        return followed.stream()
                .filter(folder -> isIn(path, folder))
                .findFirst()
                .map(folder ->
                        "it is in the folder %s, and no pool is made of it: %s '%s'"
                                .formatted(
                                        BytePath.text(folder.directory()),
                                        "its name is to match",
                                        folder.pattern()))
                .orElse(
                        "it is in no folder of 'dropins' or 'sites', and is not the program, the"
                                + " socket or the folder of a pool");
    }

    private static boolean isIn(String path, FollowedFolder folder) {
        Path parent = BytePath.of(path).getParent();
        return parent != null
                && (folder.recursive()
                        ? parent.startsWith(folder.directory())
                        : parent.equals(folder.directory()));
    }
}
