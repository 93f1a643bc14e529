package org.procmon.control.server.calls;

import java.util.ArrayList;
import java.util.List;
import org.procmon.control.server.replies.CallErrors;
import org.procmon.control.server.replies.CallReply;
import org.procmon.control.server.replies.NameLookup;
import org.procmon.lifecycle.RunHealth;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.status.StateText;
import org.procmon.supervise.port.Command;

/** What a command that was not done in time still waits for. */
final class UnfinishedCommand {
    private UnfinishedCommand() {}

    /** Names the first process that did not reach its goal, and what it is doing instead. */
    static CallReply reply(Command command, List<String> names, Snapshot snapshot) {
        List<ProcessView> meant =
                NameLookup.select(snapshot.processes(), NameLookup::of, names, new ArrayList<>());
        for (ProcessView view : meant) {
            if (isUnderWay(command, view)) {
                return CallErrors.timedOut(
                        view.name(), "it is %s: %s".formatted(state(view), StateText.cause(view)));
            }
        }
        if (names.contains(NameLookup.BACKUP)) {
            return CallErrors.timedOut(NameLookup.BACKUP, "the backup is not on standby yet");
        }
        return CallErrors.timedOut(
                meant.isEmpty() ? "" : meant.getFirst().name(),
                "it finished just after the timeout");
    }

    private static String state(ProcessView view) {
        return view.process().state().phase().wireName();
    }

    private static boolean isUnderWay(Command command, ProcessView view) {
        boolean up = wantsUp(command);
        return (command instanceof Command.Roll && isBusyWithItself(view))
                || switch (view.process().state().phase()) {
                    case RUNNING -> !up;
                    case STARTING, STOPPING -> true;
                    case STOPPED, WAITING, BACKOFF, FAILED -> up;
                    case COMPLETED -> false;
                };
    }

    private static boolean isBusyWithItself(ProcessView view) {
        return view.process().vitals().condition() != RunHealth.Condition.NORMAL;
    }

    /** Whether the processes are to be up after the command. */
    static boolean wantsUp(Command command) {
        return switch (command) {
            case Command.Start _,
                    Command.Restart _,
                    Command.Roll _,
                    Command.Refresh _,
                    Command.StartCompanion _,
                    Command.StartWorker _ ->
                    true;
            case Command.Stop _,
                    Command.Delete _,
                    Command.RetireWorker _,
                    Command.SignalWorker _,
                    Command.SendSignal _,
                    Command.Reload _,
                    Command.PlanReload _,
                    Command.Shutdown _ ->
                    false;
        };
    }
}
