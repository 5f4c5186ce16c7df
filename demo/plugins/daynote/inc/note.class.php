<?php

/**
 * The note: shown on the home page, written in the setup.
 */
class PluginDaynoteNote extends CommonGLPI
{
    public const CONTEXT = 'plugin:daynote';
    /** In characters. */
    public const LONGEST = 2000;

    public static function getTypeName($nb = 0)
    {
        return 'Note of the day';
    }

    public function getTabNameForItem(CommonGLPI $item, $withtemplate = 0)
    {
        if ($item instanceof Config || ($item instanceof Central && self::read() !== '')) {
            return self::getTypeName();
        }

        return '';
    }

    public static function displayTabContentForItem(CommonGLPI $item, $tabnum = 1, $withtemplate = 0)
    {
        if ($item instanceof Central) {
            self::printNote();
        } elseif ($item instanceof Config) {
            self::printForm();
        }

        return true;
    }

    /** GLPI's own form of the configuration calls this, and keeps what it gives back. */
    public static function configUpdate($input)
    {
        $note = is_string($input['note'] ?? null) ? $input['note'] : '';
        // GLPI 10 hands over what was typed with its special characters encoded already, and keeps it so; GLPI 11 neither.
        if (!self::encodes()) {
            return ['note' => self::cut($note)];
        }

        return ['note' => Glpi\Toolbox\Sanitizer::sanitize(self::cut(Glpi\Toolbox\Sanitizer::unsanitize($note)))];
    }

    private static function read(): string
    {
        $note = (string) (Config::getConfigurationValues(self::CONTEXT, ['note'])['note'] ?? '');

        return self::encodes() ? Glpi\Toolbox\Sanitizer::unsanitize($note) : $note;
    }

    private static function encodes(): bool
    {
        return version_compare(GLPI_VERSION, '11.0.0-dev', '<');
    }

    private static function cut(string $note): string
    {
        return mb_substr(trim($note), 0, self::LONGEST);
    }

    private static function printNote(): void
    {
        $note = nl2br(htmlspecialchars(self::read(), ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8'));
        echo "<div class='card'><div class='card-body'>$note</div></div>";
    }

    private static function printForm(): void
    {
        if (!Session::haveRight('config', UPDATE)) {
            return;
        }
        $action = htmlspecialchars(Toolbox::getItemTypeFormURL('Config'), ENT_QUOTES, 'UTF-8');
        $note   = htmlspecialchars(self::read(), ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
        echo "<form method='post' action='$action'>";
        echo "<div class='card'><div class='card-body'>";
        echo "<label class='form-label' for='daynote'>What everybody sees on the home page; nothing, where it is empty</label>";
        echo "<textarea class='form-control' id='daynote' name='note' rows='6' maxlength='" . self::LONGEST . "'>$note</textarea>";
        echo "</div><div class='card-footer'>";
        echo "<input type='hidden' name='config_class' value='" . self::class . "'>";
        echo "<input type='hidden' name='config_context' value='" . self::CONTEXT . "'>";
        echo "<button class='btn btn-primary' type='submit' name='update' value='1'>" . _sx('button', 'Save') . '</button>';
        echo '</div></div>';
        Html::closeForm();
    }
}
