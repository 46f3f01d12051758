using namespace System.Management.Automation.Language

Set-StrictMode -Version Latest

# The rules for commands: commands and parameters of PowerShell 7 that Windows PowerShell 5.1 lacks. They do not cover splatted
# hashtables, the values of parameters, or the parameters of programs and of the script's own functions.

$script:facts = (Get-Content -Raw -LiteralPath "$PSScriptRoot/../../facts/powershell-5.1-commands.json" | ConvertFrom-Json -AsHashtable).commands
$script:common = 'Verbose', 'Debug', 'ErrorAction', 'WarningAction', 'InformationAction', 'ErrorVariable', 'WarningVariable', 'InformationVariable', 'OutVariable', 'OutBuffer', 'PipelineVariable'
# Parameters of Get-ChildItem on the certificate drive.
$script:facts['Get-ChildItem'] += ' CodeSigningCert DocumentEncryptionCert SSLServerAuthentication DnsName Eku ExpiringInDays'
$script:newer = @(Get-Command -Module 'Microsoft.PowerShell.*' -CommandType Cmdlet, Function | Where-Object { -not $script:facts.ContainsKey($_.Name) } | ForEach-Object Name)

$script:rules = @(
    @{ Name = 'a command that 5.1 lacks'; Of = 'CommandAst'; Test = { param($node) if ($script:newer -contains $node.GetCommandName()) { $node } } }
    @{ Name = 'a parameter that 5.1 lacks'; Of = 'CommandAst'; Test = {
            param($node)
            $name = $node.GetCommandName()
            if ($null -eq $name -or -not $script:facts.ContainsKey($name)) { return }
            $known = @($script:facts[$name] -split ' ') + $script:common
            foreach ($parameter in $node.CommandElements) {
                if ($parameter -is [CommandParameterAst] -and @($known -like "$($parameter.ParameterName)*").Count -eq 0) { $parameter }
            }
        }
    }
)

function Get-CommandRule { $script:rules }

Export-ModuleMember -Function Get-CommandRule
