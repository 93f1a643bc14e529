package org.procmon.control.server.replies;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.procmon.bytes.BytePath;
import org.procmon.config.FollowedFolder;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.status.PoolView;

/** Finds the pool that a path belongs to. Looks into no file system. Any thread. */
public final class PathLookup {
    /** A pattern of programs, and the same with {@code .env}. */
    private static final Pattern WITH_VARIABLES = Pattern.compile("\\{(.+),\\1\\.env}");

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
                        "it is in the folder %s, and no pool is made of it: %s"
                                .formatted(BytePath.text(folder.directory()), why(path, folder)))
                .orElse(
                        "it is in no folder of 'dropins' or 'sites', and is not the program, the"
                                + " socket or the folder of a pool");
    }

    private static String why(String path, FollowedFolder folder) {
        Path name = BytePath.of(path).getFileName();
        boolean matches =
                name != null
                        && FileSystems.getDefault()
                                .getPathMatcher("glob:" + folder.pattern())
                                .matches(name);
        return matches
                ? "it may not be there, be a folder, have a name that is not UTF-8 or a hidden"
                        + " folder above it, or still be written; 'procmon check FILE' lists what is"
                        + " not used, with the reasons"
                : "its name is to match '" + shown(folder.pattern()) + "'";
    }

    /** As the user has written it, without the files with variables. */
    private static String shown(String pattern) {
        Matcher both = WITH_VARIABLES.matcher(pattern);
        return both.matches() ? both.group(1) : pattern;
    }

    private static boolean isIn(String path, FollowedFolder folder) {
        Path parent = BytePath.of(path).getParent();
        return parent != null
                && (folder.recursive()
                        ? parent.startsWith(folder.directory())
                        : parent.equals(folder.directory()));
    }
}
