package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.socket.ThreadActivity.Kind;

class ThreadActivityTest {
    @Test
    void aThreadWithoutASystemCallRuns() {
        assertThat(ThreadActivity.parse("running\n").kind()).isEqualTo(Kind.RUNNING);
        assertThat(ThreadActivity.parse("-1 0x7ffd5 0x7f12\n").kind()).isEqualTo(Kind.RUNNING);
        assertThat(ThreadActivity.parse("running\n").callName()).isEmpty();
    }

    @Test
    void aLineHasTheCallAndItsArguments() {
        int read = number("read");
        ThreadActivity activity =
                ThreadActivity.parse(read + " 0x5 0xffffffffffffffff 0x3 0x0 0x0 0x0 0x7ff 0x7f1");
        assertThat(activity).isEqualTo(new ThreadActivity(Kind.READS, read, 5, -1));
        assertThat(activity.callName()).contains("read");
    }

    @Test
    void callsAreOfAKind() {
        assertThat(kindOf("accept")).isEqualTo(Kind.ACCEPTS);
        assertThat(kindOf("accept4")).isEqualTo(Kind.ACCEPTS);
        assertThat(kindOf("ppoll")).isEqualTo(Kind.POLLS);
        assertThat(kindOf("pselect6")).isEqualTo(Kind.AWAITS_EVENTS);
        assertThat(kindOf("epoll_pwait")).isEqualTo(Kind.AWAITS_EVENTS);
        assertThat(kindOf("epoll_pwait2")).isEqualTo(Kind.AWAITS_EVENTS);
        assertThat(kindOf("recvfrom")).isEqualTo(Kind.READS);
        assertThat(kindOf("futex")).isEqualTo(Kind.PARKED);
        assertThat(kindOf("write")).isEqualTo(Kind.IN_CALL);
        assertThat(kindOf("connect")).isEqualTo(Kind.IN_CALL);
    }

    @Test
    void anUnusualCallHasItsNumber() {
        ThreadActivity activity = ThreadActivity.parse("9999 0x0 0x0 0x0 0x0 0x0 0x0 0x1 0x2");
        assertThat(activity.kind()).isEqualTo(Kind.IN_CALL);
        assertThat(activity.callName()).contains("9999");
    }

    @Test
    void theNumbersAreThoseOfTheArchitecture() {
        Map<Integer, String> x86 = SystemCalls.names("amd64");
        assertThat(x86).containsEntry(43, "accept").containsEntry(288, "accept4");
        assertThat(x86)
                .containsEntry(0, "read")
                .containsEntry(7, "poll")
                .containsEntry(202, "futex");
        Map<Integer, String> arm = SystemCalls.names("aarch64");
        assertThat(arm).containsEntry(202, "accept").containsEntry(242, "accept4");
        assertThat(arm).containsEntry(63, "read").containsEntry(22, "epoll_pwait");
        assertThat(arm).doesNotContainValue("poll");
        assertThat(SystemCalls.names("riscv64")).isEmpty();
    }

    @Test
    void aThreadThatDoesNotExistHasNoActivity() {
        assertThat(ThreadActivity.of(CurrentProcess.pid(), Integer.MAX_VALUE)).isEmpty();
        assertThat(ThreadActivity.of(CurrentProcess.pid(), CurrentProcess.pid())).isPresent();
    }

    private static int number(String call) {
        return SystemCalls.names(System.getProperty("os.arch")).entrySet().stream()
                .filter(entry -> entry.getValue().equals(call))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static Kind kindOf(String call) {
        return ThreadActivity.parse(number(call) + " 0x0 0x0 0x0 0x0 0x0 0x0 0x1 0x2").kind();
    }
}
