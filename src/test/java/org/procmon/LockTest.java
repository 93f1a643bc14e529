package org.procmon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.procmon.supervise.EventLoop;

/**
 * Who holds a lock waits for no other thread: whatever the main thread needs to begin, or to end,
 * nobody who waits for the loop may hold. Looks at the compiled classes: at synchronized methods
 * and blocks and at what is between {@code lock()} and {@code unlock()}, and follows the calls
 * there.
 */
class LockTest {
    /** What waits until another thread has done something, unlike a condition of that very lock. */
    private static final Set<String> WAITING =
            Set.of(
                    "java/util/concurrent/CompletableFuture.get",
                    "java/util/concurrent/CompletableFuture.join",
                    "java/util/concurrent/Future.get",
                    "java/util/concurrent/FutureTask.get",
                    "java/util/concurrent/CountDownLatch.await",
                    "java/util/concurrent/Semaphore.acquire",
                    "java/util/concurrent/BlockingQueue.take",
                    "java/util/concurrent/BlockingQueue.poll",
                    "java/util/concurrent/LinkedBlockingQueue.take",
                    "java/lang/Thread.join",
                    "org/procmon/supervise/Supervisor.submit",
                    "org/procmon/supervise/Supervisor.isReady",
                    "org/procmon/supervise/Loop.submit",
                    "org/procmon/supervise/Loop.isReady");

    /** Waits for the system's accounts, no longer than a second, and never for the loop. */
    private static final List<String> LIMITED =
            List.of(
                    "org/procmon/launch/plan/TimedLookup.find calls"
                            + " org/procmon/launch/plan/TimedLookup.await",
                    "org/procmon/launch/PosixHelperCommands.request calls"
                            + " org/procmon/launch/plan/LaunchPlanner.of");

    private record Called(String name, boolean underALock) {}

    private record Method(String name, List<Called> calls) {}

    @Test
    void noThreadWaitsForAnotherUnderALock() throws Exception {
        List<Method> methods = methods(classes());
        assertThat(methods).hasSizeGreaterThan(3000);
        assertThat(waitsUnderLocks(methods)).containsExactlyInAnyOrderElementsOf(LIMITED);
    }

    /** The rule sees what it is to see. */
    @Test
    void aWaitUnderALockIsFound() throws Exception {
        Path own =
                Path.of(LockTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<Path> samples;
        try (Stream<Path> all = Files.walk(own.resolve("org/procmon"))) {
            samples =
                    all.filter(p -> p.getFileName().toString().startsWith("LockTest$Sample"))
                            .toList();
        }
        assertThat(waitsUnderLocks(methods(samples)))
                .containsExactly(
                        "org/procmon/LockTest$Sample.block calls"
                                + " java/util/concurrent/CountDownLatch.await",
                        "org/procmon/LockTest$Sample.indirect calls"
                                + " org/procmon/LockTest$Sample.free",
                        "org/procmon/LockTest$Sample.lock calls"
                                + " java/util/concurrent/CountDownLatch.await");
    }

    @SuppressWarnings("unused") // is only looked at
    private static final class Sample {
        private final java.util.concurrent.CountDownLatch latch =
                new java.util.concurrent.CountDownLatch(1);
        private final java.util.concurrent.locks.ReentrantLock own =
                new java.util.concurrent.locks.ReentrantLock();

        void free() throws InterruptedException {
            latch.await();
        }

        synchronized void indirect() throws InterruptedException {
            free();
        }

        void block() throws InterruptedException {
            synchronized (this) {
                latch.await();
            }
        }

        void lock() throws InterruptedException {
            own.lock();
            try {
                latch.await();
            } finally {
                own.unlock();
            }
        }

        void after() throws InterruptedException {
            synchronized (this) {
                latch.countDown();
            }
            latch.await();
        }
    }

    private static Set<String> waitsUnderLocks(List<Method> methods) {
        Set<String> waiting = waiting(methods);
        Set<String> found = new TreeSet<>();
        for (Method method : methods) {
            for (Called called : method.calls()) {
                if (called.underALock() && waiting.contains(called.name())) {
                    found.add(method.name() + " calls " + called.name());
                }
            }
        }
        return found;
    }

    /** All methods that wait, or call one that does. */
    private static Set<String> waiting(List<Method> methods) {
        Map<String, Set<String>> callers = new HashMap<>();
        for (Method method : methods) {
            for (Called called : method.calls()) {
                callers.computeIfAbsent(called.name(), _ -> new HashSet<>()).add(method.name());
            }
        }
        Set<String> waiting = new HashSet<>(WAITING);
        List<String> fresh = new ArrayList<>(WAITING);
        while (!fresh.isEmpty()) {
            for (String caller : callers.getOrDefault(fresh.removeLast(), Set.of())) {
                if (waiting.add(caller)) {
                    fresh.add(caller);
                }
            }
        }
        return waiting;
    }

    private static List<Path> classes() throws IOException, URISyntaxException {
        Path root =
                Path.of(
                        EventLoop.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(p -> p.toString().endsWith(".class")).toList();
        }
    }

    private static List<Method> methods(List<Path> classes) throws IOException {
        List<Method> methods = new ArrayList<>();
        for (Path file : classes) {
            ClassModel model = ClassFile.of().parse(file);
            for (MethodModel method : model.methods()) {
                String name = model.thisClass().asInternalName() + "." + method.methodName();
                methods.add(new Method(name, calls(method)));
            }
        }
        return methods;
    }

    /** In the order of the code; a lock is given back on each way out, which is counted once. */
    private static List<Called> calls(MethodModel method) {
        List<Called> calls = new ArrayList<>();
        boolean always = method.flags().has(AccessFlag.SYNCHRONIZED);
        boolean locked = false;
        for (CodeElement element :
                method.code().<Iterable<CodeElement>>map(c -> c).orElse(List.of())) {
            switch (element) {
                case MonitorInstruction monitor -> locked = monitor.opcode() == Opcode.MONITORENTER;
                case InvokeInstruction invoke -> {
                    String owner = invoke.owner().asInternalName();
                    String name = owner + "." + invoke.name();
                    if (owner.startsWith("java/util/concurrent/locks/")) {
                        locked =
                                switch (invoke.name().stringValue()) {
                                    case "lock" -> true;
                                    case "unlock" -> false;
                                    default -> locked;
                                };
                    }
                    calls.add(new Called(name, always || locked));
                }
                default -> {}
            }
        }
        return calls;
    }
}
