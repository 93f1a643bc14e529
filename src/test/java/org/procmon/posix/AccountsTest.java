package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountsTest {
    @Test
    void rootIsInItsOwnGroupAndUserNobodyIsNot() {
        assertThat(Accounts.groupId("root")).hasValue(0);
        assertThat(Accounts.isMember("root", "root")).isTrue();
        assertThat(Accounts.isMember("nobody", "root")).isFalse();
    }

    @Test
    void aUserIsFoundByNameAndByNumber() {
        Accounts.Found root = Accounts.user("root");

        Account account = ((Accounts.Found.There) root).account();
        assertThat(account.name()).isEqualTo("root");
        assertThat(account.uid()).isZero();
        assertThat(account.gid()).isZero();
        assertThat(account.home()).startsWith("/");
        assertThat(account.shell()).startsWith("/");
        assertThat(Accounts.user(0)).isEqualTo(root);
        assertThat(Accounts.user("no-such-user")).isEqualTo(new Accounts.Found.Nobody());
        assertThat(Accounts.user(-2)).isEqualTo(new Accounts.Found.Nobody());
    }

    @Test
    void aNumberNeedsNoAccount() {
        assertThat(Accounts.uid("root")).isEqualTo(new Accounts.FoundId.There(0));
        assertThat(Accounts.gid("root")).isEqualTo(new Accounts.FoundId.There(0));
        assertThat(Accounts.uid("54321")).isEqualTo(new Accounts.FoundId.There(54321));
        assertThat(Accounts.gid("4294967294")).isEqualTo(new Accounts.FoundId.There(-2));
        assertThat(Accounts.uid("no-such-user")).isEqualTo(new Accounts.FoundId.Nobody());
        assertThat(Accounts.gid("no-such-group")).isEqualTo(new Accounts.FoundId.Nobody());
        assertThat(Accounts.userOf("0")).isEqualTo(Accounts.user("root"));
        assertThat(Accounts.userOf("root")).isEqualTo(Accounts.user("root"));
        assertThat(Accounts.userOf("4294967294")).isEqualTo(new Accounts.Found.Nobody());
    }

    @Test
    void onlyDigitsWithinTheRangeOfTheKernelAreANumber() {
        assertThat(Accounts.number("4294967294")).hasValue(-2);
        assertThat(Accounts.number("4294967295")).isEmpty();
        assertThat(Accounts.number("99999999999")).isEmpty();
        assertThat(Accounts.number("")).isEmpty();
        assertThat(Accounts.number("-1")).isEmpty();
        assertThat(Accounts.number("7a")).isEmpty();
    }

    @Test
    void theGroupsOfAUserBeginWithTheGivenOne() {
        assertThat(Accounts.groups("nobody", 12345)).first().isEqualTo(12345);
        assertThat(Accounts.groups("nobody", 12345)).doesNotContain(0);
    }

    @Test
    void aMissingUserIsInNoGroup() {
        assertThat(Accounts.groupId("no-such-group")).isEmpty();
        assertThat(Accounts.isMember("no-such-user", "root")).isFalse();
        assertThat(Accounts.isMember("root", "no-such-group")).isFalse();
    }
}
