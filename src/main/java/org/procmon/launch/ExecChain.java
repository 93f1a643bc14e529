package org.procmon.launch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.StringJoiner;
import org.procmon.bytes.BytePath;
import org.procmon.spec.Capability;
import org.procmon.spec.Limit;

/**
 * The command line that makes of the monitor's child what the program is to be: tools that each
 * change one thing and then execute the next, so that the pid stays that of the program. From the
 * outermost:
 *
 * <ol>
 *   <li>{@code sh}, for a folder or a program that may take for ever to be reached: the monitor
 *       waits until the first program of all is executed.
 *   <li>{@code sh}, for the umask. Early, since a shell is the largest of them, and should work
 *       under no limits yet.
 *   <li>{@code nice}: before the user changes, as only root may lower the niceness.
 *   <li>{@code prlimit}: likewise for hard limits; late, since the tools that follow have to live
 *       under them.
 *   <li>{@code chroot}: needs root, so before the user changes. It changes the user itself, so that
 *       the new root need not hold a {@code setpriv}; that changes only the privileges before it.
 *   <li>{@code setpriv}: user, groups, privileges and capabilities, all at once. It comes after
 *       {@code chroot}, and from the new root, where capabilities are to outlive the change of
 *       user, which {@code chroot} cannot see to.
 *   <li>{@code sh} of the new root, for the folder in it, as {@code chroot} starts at the top.
 *   <li>{@code sh}, for a file as standard input, which is opened with the rights of the program.
 *   <li>{@code env}: what the dynamic loader or a shell would obey, such as {@code LD_PRELOAD}, is
 *       set when there are no rights left to be gained by it.
 * </ol>
 *
 * <p>Sources: setpriv(1), prlimit(1), nice(1), chroot(1), env(1), sh(1). Pure, but for the paths of
 * the tools.
 */
final class ExecChain {
    private static final String END_OF_OPTIONS = "--";

    private final Persona persona;
    private final Tools outer;
    private final Tools inner;
    private final Deque<List<String>> links = new ArrayDeque<>();

    private ExecChain(Persona persona, Tools outer, Tools inner) {
        this.persona = persona;
        this.outer = outer;
        this.inner = inner;
    }

    /**
     * The whole command line; the program's own if nothing is to be changed.
     *
     * @param outer the tools of the monitor's root
     * @param inner the tools of the program's root
     */
    static List<String> of(Persona persona, Tools outer, Tools inner, List<String> argv)
            throws Refusal {
        ExecChain chain = new ExecChain(persona, outer, inner);
        if (persona.chroot().isEmpty()) {
            chain.addFolder(outer);
        }
        chain.addBounds();
        if (persona.chroot().isPresent()) {
            chain.addRoot(BytePath.text(persona.chroot().get()));
        } else {
            chain.addPrivileges(outer);
        }
        chain.addInput(inner);
        if (!persona.late().isEmpty()) {
            List<String> words = new ArrayList<>();
            words.add(inner.path(Tool.ENV));
            words.addAll(persona.late());
            chain.links.add(words);
        }
        List<String> words = new ArrayList<>();
        chain.links.forEach(words::addAll);
        words.addAll(argv);
        return words;
    }

    private void addBounds() throws Refusal {
        if (persona.umask().isPresent()) {
            String script = "umask " + octal(persona.umask().getAsInt()) + "; " + execution();
            links.add(List.of(outer.path(Tool.SH), "-c", script, "sh"));
        }
        if (persona.niceness().isPresent()) {
            String more = Integer.toString(persona.niceness().getAsInt());
            links.add(List.of(outer.path(Tool.NICE), "-n", more, END_OF_OPTIONS));
        }
        if (!persona.limits().isEmpty()) {
            List<String> words = new ArrayList<>();
            words.add(outer.path(Tool.PRLIMIT));
            for (Limit limit : persona.limits()) {
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

    /** A shell adds variables to the environment that it was given. */
    private String execution() {
        return persona.bareShell() ? "unset PWD OLDPWD SHLVL; exec \"$@\"" : "exec \"$@\"";
    }

    private void addRoot(String root) throws Refusal {
        List<String> words = new ArrayList<>();
        words.add(outer.path(Tool.CHROOT));
        if (persona.capabilities().isPresent()) {
            words.add(END_OF_OPTIONS);
            words.add(root);
            links.add(words);
            addPrivileges(inner);
        } else {
            if (persona.noNewPrivs()) {
                links.add(List.of(outer.path(Tool.SETPRIV), "--no-new-privs", END_OF_OPTIONS));
            }
            addIdsOfRoot(words);
            words.add(END_OF_OPTIONS);
            words.add(root);
            links.add(words);
        }
        addFolder(inner);
    }

    private void addFolder(Tools tools) throws Refusal {
        if (persona.inside().isPresent()) {
            String script = "cd -- \"$1\" || exit; shift; " + execution();
            String folder = BytePath.text(persona.inside().get());
            links.add(List.of(tools.path(Tool.SH), "-c", script, "sh", folder));
        }
    }

    private void addInput(Tools tools) throws Refusal {
        if (persona.input().isPresent()) {
            String script = "exec <\"$1\" || exit; shift; " + execution();
            links.add(List.of(tools.path(Tool.SH), "-c", script, "sh", persona.input().get()));
        }
    }

    /** A plus sign says that it is a number, whatever names the new root may know. */
    private void addIdsOfRoot(List<String> words) {
        if (persona.gid().isPresent()) {
            String uid = persona.uid().isPresent() ? "+" + id(persona.uid().getAsInt()) : "";
            words.add("--userspec=" + uid + ":+" + id(persona.gid().getAsInt()));
        }
        if (persona.groups().isPresent()) {
            words.add("--groups=" + ids(persona.groups().get(), "+"));
        }
    }

    private void addPrivileges(Tools tools) throws Refusal {
        if (!persona.changesIds() && !persona.noNewPrivs() && persona.capabilities().isEmpty()) {
            return;
        }
        List<String> words = new ArrayList<>();
        words.add(tools.path(Tool.SETPRIV));
        if (persona.uid().isPresent()) {
            words.add("--reuid=" + id(persona.uid().getAsInt()));
        }
        if (persona.gid().isPresent()) {
            words.add("--regid=" + id(persona.gid().getAsInt()));
        }
        if (persona.groups().isPresent()) {
            List<Integer> groups = persona.groups().get();
            words.add(groups.isEmpty() ? "--clear-groups" : "--groups=" + ids(groups, ""));
        } else if (persona.gid().isPresent()) {
            words.add("--keep-groups");
        }
        if (persona.noNewPrivs()) {
            words.add("--no-new-privs");
        }
        if (persona.capabilities().isPresent()) {
            String kept = "-all";
            for (Capability capability : persona.capabilities().get()) {
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
