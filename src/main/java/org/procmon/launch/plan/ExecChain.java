package org.procmon.launch.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.StringJoiner;
import org.procmon.bytes.BytePath;
import org.procmon.config.Capability;
import org.procmon.config.Limit;

/**
 * The command line that sets up the monitor's child for its program: tools that each change one
 * thing and then execute the next, so that the pid stays the same. From the outermost:
 *
 * <ol>
 *   <li>{@code sh}, for a directory or a program that may block for ever: the monitor waits only
 *       until the first program is executed.
 *   <li>{@code sh}, for the umask. Early, since a shell is the largest of the tools, and should run
 *       before there are limits.
 *   <li>{@code nice}: before the user changes, as only root may lower the niceness.
 *   <li>{@code taskset}: the processors, also of the tools that follow.
 *   <li>{@code prlimit}: the same for hard limits; late, since they also bind the tools that
 *       follow.
 *   <li>{@code chroot}: needs root, so before the user changes. It changes the user itself, so that
 *       the new root need not hold a {@code setpriv}; that changes only the privileges before it.
 *   <li>{@code setpriv}: user, groups, privileges and capabilities, all at once. It comes after
 *       {@code chroot}, and from the new root, where capabilities are to outlive the change of
 *       user, which {@code chroot} cannot do.
 *   <li>{@code sh} of the new root, for the directory in it, as {@code chroot} starts at the top.
 *   <li>{@code sh}, for a file as standard input, which is opened with the rights of the program.
 *   <li>{@code sh}, for a listener that is announced by variables: it knows the pid.
 *   <li>{@code env}: what the dynamic loader or a shell would obey, such as {@code LD_PRELOAD}, is
 *       set when it can gain no more rights.
 * </ol>
 *
 * <p>Sources: setpriv(1), prlimit(1), nice(1), taskset(1), chroot(1), env(1), sh(1). Pure, except
 * for the paths of the tools.
 */
final class ExecChain {
    private static final String END_OF_OPTIONS = "--";

    private final Credentials credentials;
    private final ChainTools outer;
    private final ChainTools inner;
    private final Deque<List<String>> links = new ArrayDeque<>();

    private ExecChain(Credentials credentials, ChainTools outer, ChainTools inner) {
        this.credentials = credentials;
        this.outer = outer;
        this.inner = inner;
    }

    /**
     * The whole command line; the program's own if nothing is to be changed.
     *
     * @param outer the tools of the monitor's root
     * @param inner the tools of the program's root
     */
    static List<String> of(
            Credentials credentials, ChainTools outer, ChainTools inner, List<String> argv)
            throws LaunchRefused {
        ExecChain chain = new ExecChain(credentials, outer, inner);
        if (credentials.chroot().isEmpty()) {
            chain.addFolder(outer);
        }
        chain.addBounds();
        if (credentials.chroot().isPresent()) {
            chain.addRoot(BytePath.text(credentials.chroot().get()));
        } else {
            chain.addPrivileges(outer);
        }
        chain.addInput(inner);
        chain.addListener(inner);
        if (!credentials.late().isEmpty()) {
            List<String> words = new ArrayList<>();
            words.add(inner.path(ChainTool.ENV));
            words.addAll(credentials.late());
            chain.links.add(words);
        }
        List<String> words = new ArrayList<>();
        chain.links.forEach(words::addAll);
        words.addAll(argv);
        return words;
    }

    private void addBounds() throws LaunchRefused {
        if (credentials.umask().isPresent()) {
            String script = "umask " + octal(credentials.umask().getAsInt()) + "; " + execution();
            links.add(List.of(outer.path(ChainTool.SH), "-c", script, "sh"));
        }
        if (credentials.niceness().isPresent()) {
            String more = Integer.toString(credentials.niceness().getAsInt());
            links.add(List.of(outer.path(ChainTool.NICE), "-n", more, END_OF_OPTIONS));
        }
        if (credentials.cpus().isPresent()) {
            links.add(
                    List.of(outer.path(ChainTool.TASKSET), "-c", credentials.cpus().get().text()));
        }
        if (!credentials.limits().isEmpty()) {
            List<String> words = new ArrayList<>();
            words.add(outer.path(ChainTool.PRLIMIT));
            for (Limit limit : credentials.limits()) {
                words.add(
                        "--"
                                + limit.resource().word()
                                + "="
                                + Limit.text(limit.soft())
                                + ":"
                                + Limit.text(limit.hard()));
            }
            words.add(END_OF_OPTIONS);
            links.add(words);
        }
    }

    /** A shell adds variables to its environment. */
    private String execution() {
        return credentials.bareShell() ? "unset PWD OLDPWD SHLVL; exec \"$@\"" : "exec \"$@\"";
    }

    private void addRoot(String root) throws LaunchRefused {
        List<String> words = new ArrayList<>();
        words.add(outer.path(ChainTool.CHROOT));
        if (credentials.capabilities().isPresent()) {
            words.add(END_OF_OPTIONS);
            words.add(root);
            links.add(words);
            addPrivileges(inner);
        } else {
            if (credentials.noNewPrivs()) {
                links.add(List.of(outer.path(ChainTool.SETPRIV), "--no-new-privs", END_OF_OPTIONS));
            }
            addIdsOfRoot(words);
            words.add(END_OF_OPTIONS);
            words.add(root);
            links.add(words);
        }
        addFolder(inner);
    }

    private void addFolder(ChainTools chainTools) throws LaunchRefused {
        if (credentials.inside().isPresent()) {
            String script = "cd -- \"$1\" || exit; shift; " + execution();
            String folder = BytePath.text(credentials.inside().get());
            links.add(List.of(chainTools.path(ChainTool.SH), "-c", script, "sh", folder));
        }
    }

    private void addInput(ChainTools chainTools) throws LaunchRefused {
        if (credentials.input().isPresent()) {
            String script = "exec <\"$1\" || exit; shift; " + execution();
            links.add(
                    List.of(
                            chainTools.path(ChainTool.SH),
                            "-c",
                            script,
                            "sh",
                            credentials.input().get()));
        }
    }

    /** Source: sd_listen_fds(3). */
    private void addListener(ChainTools chainTools) throws LaunchRefused {
        if (credentials.listenFds()) {
            String script = "exec 3<&0 || exit; export LISTEN_FDS=1 LISTEN_PID=$$; " + execution();
            links.add(List.of(chainTools.path(ChainTool.SH), "-c", script, "sh"));
        }
    }

    /** A plus sign marks a number, whatever names the new root may have. */
    private void addIdsOfRoot(List<String> words) {
        if (credentials.gid().isPresent()) {
            String uid =
                    credentials.uid().isPresent() ? "+" + id(credentials.uid().getAsInt()) : "";
            words.add("--userspec=" + uid + ":+" + id(credentials.gid().getAsInt()));
        }
        if (credentials.groups().isPresent()) {
            words.add("--groups=" + ids(credentials.groups().get(), "+"));
        }
    }

    private void addPrivileges(ChainTools chainTools) throws LaunchRefused {
        if (!credentials.changesIds()
                && !credentials.noNewPrivs()
                && credentials.capabilities().isEmpty()) {
            return;
        }
        List<String> words = new ArrayList<>();
        words.add(chainTools.path(ChainTool.SETPRIV));
        if (credentials.uid().isPresent()) {
            words.add("--reuid=" + id(credentials.uid().getAsInt()));
        }
        if (credentials.gid().isPresent()) {
            words.add("--regid=" + id(credentials.gid().getAsInt()));
        }
        if (credentials.groups().isPresent()) {
            List<Integer> groups = credentials.groups().get();
            words.add(groups.isEmpty() ? "--clear-groups" : "--groups=" + ids(groups, ""));
        } else if (credentials.gid().isPresent()) {
            words.add("--keep-groups");
        }
        if (credentials.noNewPrivs()) {
            words.add("--no-new-privs");
        }
        if (credentials.capabilities().isPresent()) {
            String kept = "-all";
            for (Capability capability : credentials.capabilities().get()) {
                kept += ",+" + capability.word();
            }
            words.add("--inh-caps=" + kept);
            words.add("--ambient-caps=" + kept);
            words.add("--bounding-set=" + kept);
        }
        words.add(END_OF_OPTIONS);
        links.add(words);
    }

    private static String ids(List<Integer> ids, String sign) {
        StringJoiner joined = new StringJoiner(",");
        for (int id : ids) {
            joined.add(sign + id(id));
        }
        return joined.toString();
    }

    private static String id(int id) {
        return Integer.toUnsignedString(id);
    }

    private static String octal(int mask) {
        return "0" + Integer.toOctalString(mask);
    }
}
