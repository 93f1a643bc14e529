package org.procmon.front.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which requests go where. Exactly one of {@code control}, {@code application}, {@code folder} and
 * {@code files} is set.
 *
 * @param host a host, or {@code *.} and a domain; null for all hosts
 * @param path the prefix of the paths; null for {@code /}
 * @param match a glob of the name of the script, such as {@code *.php}; null for all
 * @param strip whether the application sees paths without the prefix
 * @param control whether the queries of the monitor are answered here
 * @param application a FastCGI application
 * @param folder a folder whose programs are FastCGI applications
 * @param files a folder whose files are served
 * @param auth whether a client has to log in
 * @param authorizer where a FastCGI authorizer listens that has to permit each request; null for
 *     none
 * @param internal whether only applications may redirect to it
 */
public record FrontRoute(
        @Nullable String host,
        @Nullable String path,
        @Nullable String match,
        boolean strip,
        boolean control,
        boolean auth,
        @Nullable Application application,
        @Nullable Folder folder,
        @Nullable Files files,
        @Nullable List<String> authorizer,
        boolean internal) {
    /**
     * A FastCGI application.
     *
     * @param name by which users know it
     * @param members where its workers listen: {@code unix:/path}, {@code unix:@name} or {@code
     *     host:port}
     * @param balance how one of several members is chosen
     * @param root the document root, with the scripts that {@code match} names; null for none
     * @param bell where to ask for a worker if none listens; null if they run at all times
     * @param requests how many requests it gets at a time; null for no limit
     */
    public record Application(
            @Nullable String name,
            List<String> members,
            @Nullable Balance balance,
            @Nullable String root,
            @Nullable String bell,
            @Nullable Integer requests) {
        public Application {
            members = List.copyOf(members);
        }

        /** Its name, or where it listens. */
        public String nameOrMembers() {
            return name == null ? String.join(" ", members) : name;
        }
    }

    /** How one of several members is chosen. */
    public enum Balance {
        LEAST_CONNECTION,
        ROUND_ROBIN,
        HASH,
        STICKY
    }

    /**
     * A folder of programs.
     *
     * @param directory absolute
     * @param programs by their paths from the folder on
     */
    public record Folder(String directory, Map<String, Application> programs) {
        public Folder {
            programs = Map.copyOf(programs);
        }
    }

    /**
     * A folder of files.
     *
     * @param directory absolute
     * @param index the names of the files that stand for a folder
     * @param listing whether a folder without such a file is listed
     * @param hidden whether names that begin with a dot are served
     */
    public record Files(
            String directory, @Nullable List<String> index, boolean listing, boolean hidden) {
        /** The names of the files that stand for a folder. */
        public List<String> indexOrDefault() {
            return index == null ? List.of("index.html") : List.copyOf(index);
        }
    }

    public FrontRoute {
        long targets =
                Stream.of(application, folder, files).filter(one -> one != null).count()
                        + (control ? 1 : 0);
        if (targets != 1) {
            throw new IllegalArgumentException(
                    "a route has to have one of control, application, folder and files");
        }
        authorizer = authorizer == null ? null : List.copyOf(authorizer);
    }

    /** The prefix of the paths, without a slash at its end; empty for all paths. */
    public String prefix() {
        String given = path == null ? "/" : path;
        return given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
    }
}
